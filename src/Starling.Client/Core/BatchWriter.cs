using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>Writes batches of QoS 0 packets into the connection that they were made for. The loop's thread.</summary>
internal sealed class BatchWriter(Mailbox mailbox, EventDispatcher events)
{
    // Above this much unsent output the rest waits in its batches, which makes publishers wait.
    private const int OutputBytesHigh = 256 * 1024;

    private readonly Queue<EncodedBatch> _unsent = new();

    public void Add(EncodedBatch batch) => _unsent.Enqueue(batch);

    /// <summary>Writes what the output has room for, or all.</summary>
    public void Write(ClientLink? link, LiveLink? live, bool isAll, in Instant now)
    {
        while (_unsent.TryPeek(out EncodedBatch? batch))
        {
            if (link is null || batch.Generation != live?.Generation)
            {
                GiveUp(_unsent.Dequeue());
                continue;
            }

            if (!isAll && link.PendingBytes >= OutputBytesHigh)
            {
                return;
            }

            link.SendEncoded(batch.Packets, now);
            mailbox.Return(_unsent.Dequeue());
        }
    }

    /// <summary>The connection is over: nothing keeps QoS 0 for the next one.</summary>
    public void GiveUp()
    {
        while (_unsent.TryDequeue(out EncodedBatch? batch))
        {
            GiveUp(batch);
        }
    }

    private void GiveUp(EncodedBatch batch)
    {
        events.Dropped(DropReason.ConnectionLost, null, batch.Messages);
        mailbox.Return(batch);
    }
}
