using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>
/// The acknowledgement of one QoS 1 or QoS 2 message that went to one or more subscriptions: it leaves when all have taken it, with
/// the first refusal among them. Any thread.
/// </summary>
internal sealed class PendingAcknowledgement(Mailbox mailbox, IncomingToken token, int deliveries)
{
    private int _open = deliveries;
    private Refusal? _refusal;

    public ushort PacketIdentifier => token.PacketIdentifier;

    public void Take(ReasonCode reason, byte[]? reasonString)
    {
        if (reason != ReasonCode.Success)
        {
            Interlocked.CompareExchange(ref _refusal, new Refusal(reason, reasonString), null);
        }

        if (Interlocked.Decrement(ref _open) == 0)
        {
            Refusal? refusal = Volatile.Read(ref _refusal);
            mailbox.Post(token, refusal?.Reason ?? ReasonCode.Success, refusal?.ReasonString);
        }
    }

    private sealed record Refusal(ReasonCode Reason, byte[]? ReasonString);
}
