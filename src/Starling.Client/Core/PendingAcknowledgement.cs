using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>
/// The acknowledgement of one QoS 1 or QoS 2 message that went to one or more subscriptions: it leaves when all have taken it, with
/// the worst of their codes. Any thread.
/// </summary>
internal sealed class PendingAcknowledgement(Mailbox mailbox, IncomingToken token, int deliveries)
{
    private int _open = deliveries;
    private int _reason;

    public ushort PacketIdentifier => token.PacketIdentifier;

    public void Take(ReasonCode reason)
    {
        if (reason != ReasonCode.Success)
        {
            Interlocked.CompareExchange(ref _reason, (int)reason, (int)ReasonCode.Success);
        }

        if (Interlocked.Decrement(ref _open) == 0)
        {
            mailbox.Post(token, (ReasonCode)Volatile.Read(ref _reason));
        }
    }
}
