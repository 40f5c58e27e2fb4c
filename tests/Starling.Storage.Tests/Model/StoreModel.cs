using System.Globalization;
using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Storage.Tests.Model;

/// <summary>What a store must hold after a number of records, written as plainly as possible.</summary>
internal sealed class StoreModel
{
    public SortedDictionary<ulong, ModelSession> Sessions { get; } = [];

    /// <summary>By topic; without a message: deleted at this revision.</summary>
    public SortedDictionary<string, (ulong Revision, ModelMessage? Message)> Retained { get; } = new(StringComparer.Ordinal);

    public ulong HighestRevision { get; set; }

    public void Apply(Operation operation)
    {
        switch (operation.Kind)
        {
            case StoreRecordKind.Message:
                Publish(operation);
                break;
            case StoreRecordKind.Finished:
                Array.ForEach(operation.Ranges, Finish);
                break;
            case StoreRecordKind.SessionOpened:
                Open(operation);
                break;
            case StoreRecordKind.SessionEnded:
                Sessions.Remove(operation.Session);
                break;
            default:
                if (Sessions.TryGetValue(operation.Session, out ModelSession? session))
                {
                    Change(session, operation);
                }

                break;
        }
    }

    /// <summary>Everything, in one order that does not depend on how it came about.</summary>
    /// <param name="withMessages">Whether the messages of deliveries and the retained ones are compared by their bytes.</param>
    public string Describe(bool withMessages)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"revision {HighestRevision}\n");
        foreach ((ulong number, ModelSession session) in Sessions)
        {
            text.Append(CultureInfo.InvariantCulture, $"session {number} {session.ClientIdentifier} {session.UserName ?? "-"} ")
                .Append(CultureInfo.InvariantCulture, $"{session.Epoch} {session.ExpirySeconds} {session.Version} {session.AwaySince} ")
                .Append(CultureInfo.InvariantCulture, $"{session.NextSequence} {session.SentBelow} will {session.Will ?? "-"}\n");
            foreach ((string filter, (byte options, uint identifier)) in session.Subscriptions)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {filter} {options} {identifier}\n");
            }

            text.Append("  incoming ").AppendJoin(' ', session.Incoming).Append('\n');
            foreach ((ulong sequence, ModelDelivery delivery) in session.Deliveries)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {sequence} {delivery.Qos} {delivery.Retain} {delivery.SharedFilter ?? "-"} [")
                    .AppendJoin(' ', delivery.Identifiers)
                    .Append(CultureInfo.InvariantCulture, $"] {(withMessages ? delivery.Message : delivery.Message is not null)}\n");
            }
        }

        foreach ((string topic, (ulong revision, ModelMessage? message)) in Retained.Where(entry => entry.Value.Message is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"retained {topic} {revision} {(withMessages ? message : null)}\n");
        }

        return text.ToString();
    }

    public static string DescribeWill(Operation operation) =>
        $"{ModelMessage.Describe(Encoding.UTF8.GetBytes(operation.Topic), operation.Properties, operation.Payload)} {operation.Qos} {operation.Retain} {operation.Seconds} {operation.MessageExpirySeconds}";

    private void Publish(Operation operation)
    {
        ModelMessage message = ModelMessage.Create(operation);
        foreach (StoreReference reference in operation.References)
        {
            if (Sessions.TryGetValue(reference.Session, out ModelSession? session))
            {
                Deliver(session, reference, message);
            }
        }

        if (operation.RetainedRevision != 0)
        {
            HighestRevision = Math.Max(HighestRevision, operation.RetainedRevision);
            if (!Retained.TryGetValue(operation.Topic, out var retained) || retained.Revision < operation.RetainedRevision)
            {
                Retained[operation.Topic] = (operation.RetainedRevision, operation.Payload.Length == 0 ? null : message);
            }
        }

        if (operation.TakenFrom.Session != 0)
        {
            Finish(operation.TakenFrom);
        }

        if (Sessions.TryGetValue(operation.Session, out ModelSession? publisher))
        {
            if (operation.Qos == QualityOfService.ExactlyOnce && operation.PacketIdentifier != 0)
            {
                publisher.Incoming.Add(operation.PacketIdentifier);
            }

            if (operation.IsWill && publisher.WillEpoch == operation.Epoch)
            {
                publisher.Will = null;
            }
        }
    }

    private static void Deliver(ModelSession session, StoreReference reference, ModelMessage message)
    {
        uint[] identifiers = reference.Identifiers ?? (reference.Identifier == 0 ? [] : [reference.Identifier]);
        string? filter = reference.SharedFilter is { } shared ? Encoding.UTF8.GetString(shared) : null;
        session.NextSequence = Math.Max(session.NextSequence, reference.Sequence + 1);
        session.Deliveries.TryAdd(
            reference.Sequence, new ModelDelivery(reference.Qos, reference.Retain, identifiers, filter, message));
        if (filter is not null && reference.IsOnline && reference.Qos == QualityOfService.ExactlyOnce)
        {
            session.SentBelow = Math.Max(session.SentBelow, reference.Sequence + 1);
        }
    }

    private void Finish(StoreRange range)
    {
        if (Sessions.TryGetValue(range.Session, out ModelSession? session))
        {
            foreach (ulong sequence in session.Deliveries.Keys.Where(sequence => sequence >= range.From && sequence <= range.To).ToArray())
            {
                session.Deliveries.Remove(sequence);
            }
        }
    }

    private void Open(Operation operation)
    {
        if (!Sessions.TryGetValue(operation.Session, out ModelSession? session))
        {
            session = new ModelSession { ClientIdentifier = operation.Topic };
            Sessions.Add(operation.Session, session);
        }

        session.UserName = operation.UserName;
        session.Epoch = operation.Epoch;
        session.ExpirySeconds = operation.Seconds;
        session.Version = operation.Version;
        session.AwaySince = null;
        session.Will = null;
    }

    private static void Change(ModelSession session, Operation operation)
    {
        switch (operation.Kind)
        {
            case StoreRecordKind.SessionAway:
                session.AwaySince = operation.Utc;
                Send(session, operation.Sequence);
                break;
            case StoreRecordKind.Subscribed:
                session.Subscriptions[operation.Topic] = (operation.Options, operation.Identifier);
                break;
            case StoreRecordKind.Unsubscribed:
                session.Subscriptions.Remove(operation.Topic);
                break;
            case StoreRecordKind.Received:
                Send(session, operation.Sequence + 1);
                if (session.Deliveries.TryGetValue(operation.Sequence, out ModelDelivery? delivery))
                {
                    session.Deliveries[operation.Sequence] = delivery with { Message = null };
                }

                break;
            case StoreRecordKind.Incoming:
                session.Incoming.Add(operation.PacketIdentifier);
                break;
            case StoreRecordKind.Released:
                session.Incoming.Remove(operation.PacketIdentifier);
                break;
            case StoreRecordKind.Sent:
                Send(session, operation.Sequence);
                break;
            case StoreRecordKind.Will:
                session.Will = DescribeWill(operation);
                session.WillEpoch = operation.Epoch;
                break;
            case StoreRecordKind.WillRemoved when session.WillEpoch == operation.Epoch:
                session.Will = null;
                break;
        }
    }

    private static void Send(ModelSession session, ulong below)
    {
        session.SentBelow = Math.Max(session.SentBelow, below);
        session.NextSequence = Math.Max(session.NextSequence, below);
    }
}
