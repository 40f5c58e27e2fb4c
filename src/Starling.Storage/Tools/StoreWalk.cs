using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Commits;
using Starling.Storage.Opening;
using Starling.Storage.State;

namespace Starling.Storage.Tools;

/// <summary>Walks over an index with its messages, session by session.</summary>
internal sealed class StoreWalk(ILogDirectory directory, StoreState state) : IDisposable
{
    private readonly SegmentFiles _files = new(directory);

    /// <summary>Gives everything; a message that cannot be read is given as lost.</summary>
    public void Run(IStoreWalker walker, Action<StoreProgress> report, CancellationToken cancellation)
    {
        MessageReader reader = new(_files);
        long sessions = 0;
        foreach (SessionState session in StoreChecking.Sessions(state))
        {
            cancellation.ThrowIfCancellationRequested();
            walker.Session(RecoveryStream.Describe(session), session.Will?.Epoch ?? 0);
            GiveSubscriptions(walker, session);
            foreach (ushort identifier in session.Incoming ?? [])
            {
                walker.Incoming(session.Number, identifier);
            }

            GiveDeliveries(walker, session, reader);
            report(new StoreProgress("copying sessions", 0, 0, ++sessions));
        }

        for (int slot = 0; slot < state.Retained.Slots.Length; slot++)
        {
            if (state.Retained.Slots[slot] is { IsDeleted: false } retained)
            {
                walker.Retained(TryRead(() => reader.ReadRetained(retained)), retained.Revision);
            }
        }
    }

    public void Dispose() => _files.Dispose();

    private static void GiveSubscriptions(IStoreWalker walker, SessionState session)
    {
        SlotList<StoredSubscription> subscriptions = session.Subscriptions.Slots;
        for (int slot = 0; slot < subscriptions.Length; slot++)
        {
            if (subscriptions[slot] is { } subscription)
            {
                walker.Subscription(session.Number, subscription.Filter, subscription.Options, subscription.Identifier);
            }
        }
    }

    private static void GiveDeliveries(IStoreWalker walker, SessionState session, MessageReader reader)
    {
        ulong from = 0;
        while (session.TryNextDelivery(from, out ulong sequence, out QueueEntry entry))
        {
            from = sequence + 1;
            RecoveredMessage? message = entry.IsReceived ? null : TryRead(() => reader.ReadDelivery(entry.Location, session.Number, sequence));
            walker.Delivery(session.Number, RecoveryStream.Describe(session, sequence, entry), message);
            if (from == 0)
            {
                // There is no number behind the highest.
                break;
            }
        }
    }

    private static RecoveredMessage? TryRead(Func<RecoveredMessage?> read)
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
