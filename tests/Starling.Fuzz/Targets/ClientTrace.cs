using System.Text;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Fuzz.Targets;

/// <summary>Notes what a client's connection tells.</summary>
internal sealed class ClientTrace : IClientEffects
{
    public List<string> Told { get; } = [];

    /// <summary>Deliveries to acknowledge.</summary>
    public List<IncomingToken> Tokens { get; } = [];

    /// <summary>Payloads of the QoS 2 messages that were delivered.</summary>
    public List<string> DeliveredOnce { get; } = [];

    /// <summary>How often each message was told to be over, by its tag.</summary>
    public Dictionary<int, int> Ends { get; } = [];

    public ClientEnd? End { get; private set; }

    public void Accepted(scoped in ConnAckPacket packet, in ServerLimits limits) => Note($"accepted {packet.SessionPresent}");

    public void Refused(scoped in ConnAckPacket packet) => Note($"refused {packet.Reason}");

    public void Challenged(scoped in AuthPacket packet) => Note("challenged");

    public void Reauthenticated(scoped in AuthPacket packet) => Note("re-authenticated");

    public void Deliver(scoped in PublishPacket publish, scoped ReadOnlySpan<byte> topic, in IncomingToken token)
    {
        Note($"PUBLISH {publish.Qos} {publish.PacketIdentifier} {Convert.ToHexString(topic)} {Convert.ToHexString(publish.Payload)}");
        if (publish.Qos != QualityOfService.AtMostOnce)
        {
            Tokens.Add(token);
        }

        if (publish.Qos == QualityOfService.ExactlyOnce)
        {
            DeliveredOnce.Add(Encoding.UTF8.GetString(publish.Payload));
        }
    }

    public void Completed(OutgoingMessage message, ReasonCode reason, scoped in AcknowledgementPacket packet) => Over(message, $"completed {reason}");

    public void NotSent(OutgoingMessage message, ReasonCode reason) => Over(message, $"not sent {reason}");

    public void Expired(OutgoingMessage message) => Over(message, "expired");

    public void Received(OutgoingMessage message, ReasonCode reason) => Note($"received {reason}");

    public void OutcomeUnknown(OutgoingMessage message) => Over(message, "unknown");

    public void Subscribed(object tag, scoped in SubAckPacket packet) => Note($"SUBACK {tag}");

    public void Unsubscribed(object tag, scoped in UnsubAckPacket packet) => Note($"UNSUBACK {tag}");

    public void ServerDisconnected(scoped in DisconnectPacket packet) => Note($"DISCONNECT {packet.Reason}");

    public void Ended(in ClientEnd end)
    {
        if (End is not null)
        {
            throw new InvalidOperationException("The end was told twice.");
        }

        End = end;
        Told.Add($"ended {end}");
    }

    /// <summary>For the next connection of the same session.</summary>
    public void Begin() => End = null;

    private void Over(OutgoingMessage message, string how)
    {
        int tag = message.Tag as int? ?? -1;
        Ends[tag] = Ends.GetValueOrDefault(tag) + 1;
        Note($"{how} {tag}");
    }

    private void Note(string told)
    {
        if (End is not null)
        {
            throw new InvalidOperationException($"'{told}' was told after the end.");
        }

        Told.Add(told);
    }
}
