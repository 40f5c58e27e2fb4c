using System.Text;
using Starling.Bench.Checking;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Bench.Loads;

/// <summary>The receiving side of a client.</summary>
internal sealed class LoadSubscriber(string filter, QualityOfService qos, IArrivalCheck check)
{
    private readonly byte[] _filter = Encoding.UTF8.GetBytes(filter);

    /// <summary>Whether it answers each message.</summary>
    public bool IsResponder { get; init; }

    public IArrivalCheck Check { get; } = check;

    /// <summary>Sends SUBSCRIBE.</summary>
    public bool TrySubscribe(ClientConnection connection, MqttVersion version, in Instant now)
    {
        SubscribeFilter entry = new() { Filter = _filter, MaximumQos = qos };
        byte[] bytes = new byte[SubscribeFilterWriter.GetByteCount(entry)];
        SubscribeFilterWriter.Write(bytes, entry, version);
        return connection.TrySubscribe(new EncodedFilters(bytes, 1), 0, this, now);
    }
}
