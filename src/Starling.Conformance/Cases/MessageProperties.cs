using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Compares the properties of a message with those that it was published with.</summary>
internal static class MessageProperties
{
    /// <summary>
    /// The packet has these properties and no others. Only entries with the same identifier have an order; the others may come in any.
    /// </summary>
    public static void RequireEqual(CaseRun run, byte[] expected, WirePacket packet)
    {
        WireReader reader = new(new ByteWriter().Block(expected).ToArray(), [], "PUBLISH");
        string Listed(IEnumerable<WireProperty> properties) => string.Join(", ", properties.OrderBy(property => property.Id));
        run.RequireEqual(Listed(reader.Properties(PacketType.Publish)), Listed(packet.Properties), "the properties");
    }
}
