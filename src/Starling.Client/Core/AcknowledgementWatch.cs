using Microsoft.Extensions.Logging;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>
/// Knows which acknowledgements of a connection wait for that of an earlier message, because they leave in the order of the messages,
/// and names the one that holds others back for long. The loop's thread, but for <see cref="Held"/>.
/// </summary>
internal sealed class AcknowledgementWatch(ILogger logger)
{
    // PUBACKs and PUBRECs have an order each.
    private readonly AcknowledgementQueue _pubAcks = new();
    private readonly AcknowledgementQueue _pubRecs = new();
    private int _held;

    /// <summary>How many are held back. Any thread.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The monotonic time at which <see cref="Advance"/> has something to do.</summary>
    public long Deadline => Math.Min(_pubAcks.Deadline, _pubRecs.Deadline);

    /// <summary>A message arrived.</summary>
    public void Add(in IncomingToken token, string topic)
    {
        if (token.Qos != QualityOfService.AtMostOnce)
        {
            QueueOf(token).Add(token, topic);
        }
    }

    /// <summary>Its acknowledgement was given.</summary>
    public void Mark(in IncomingToken token, in Instant now)
    {
        QueueOf(token).Mark(token, now);
        Volatile.Write(ref _held, _pubAcks.Held + _pubRecs.Held);
    }

    /// <summary>Names what has held others back for long; once for each.</summary>
    public void Advance(in Instant now)
    {
        Name(_pubAcks, now);
        Name(_pubRecs, now);
    }

    private AcknowledgementQueue QueueOf(in IncomingToken token) => token.Qos == QualityOfService.AtLeastOnce ? _pubAcks : _pubRecs;

    private void Name(AcknowledgementQueue queue, in Instant now)
    {
        if (queue.TryTakeOverdue(now, out ushort identifier, out string topic))
        {
            logger.AcknowledgementsHeld(queue.Held, AcknowledgementQueue.NameAfterMilliseconds / 1000, topic, identifier);
        }
    }
}
