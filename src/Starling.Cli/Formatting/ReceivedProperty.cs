using Starling.Protocol.Packets;

namespace Starling.Cli.Formatting;

/// <summary>One property of a received message.</summary>
internal sealed record ReceivedProperty(PropertyId Id)
{
    /// <summary>Of a property that is a number.</summary>
    public uint Number { get; init; }

    /// <summary>Of a User Property.</summary>
    public byte[] Name { get; init; } = [];

    /// <summary>Of a property that is text or binary.</summary>
    public byte[] Value { get; init; } = [];

    /// <summary>Reads a whole block, as it stands in a packet that was checked.</summary>
    public static List<ReceivedProperty> ReadAll(ReadOnlySpan<byte> block)
    {
        List<ReceivedProperty> properties = [];
        PropertyReader reader = new(block);
        while (reader.TryRead(out PropertyEntry entry))
        {
            properties.Add(new ReceivedProperty(entry.Id) { Number = entry.Number, Name = entry.Name.ToArray(), Value = entry.Value.ToArray() });
        }

        return properties;
    }
}
