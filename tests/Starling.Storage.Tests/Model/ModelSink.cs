using System.Text;
using Starling.Broker.Ports;

namespace Starling.Storage.Tests.Model;

/// <summary>Makes a model of what a store gives back; the messages of deliveries are asked for one session at a time.</summary>
internal sealed class ModelSink : IRecoverySink
{
    private static readonly ModelMessage Unread = new("", default, false, 0, 0);
    private ModelSession? _session;
    private ulong _lastSequence;

    public StoreModel Model { get; } = new();

    public RecoveredEnd Ended { get; private set; }

    private ModelSession Current => _session ?? throw new InvalidOperationException("no session came first");

    public void Session(in RecoveredSession session)
    {
        _session = new ModelSession
        {
            ClientIdentifier = session.ClientIdentifier,
            UserName = session.UserName,
            Epoch = session.Epoch,
            ExpirySeconds = session.ExpirySeconds,
            Version = session.Version,
            AwaySince = session.AwaySinceUtcMilliseconds,
            NextSequence = session.NextSequence,
            SentBelow = session.SentBelow,
            Will = session.Will is { } will
                ? $"{ModelMessage.Describe(will.Topic, will.Properties, will.Payload)} {will.Qos} {will.Retain} {will.DelaySeconds} {will.MessageExpirySeconds}"
                : null,
        };
        Model.Sessions.Add(session.Number, _session);
    }

    public void Subscription(ReadOnlySpan<byte> filter, byte options, uint identifier) =>
        Current.Subscriptions.Add(Encoding.UTF8.GetString(filter), (options, identifier));

    public void Delivery(in RecoveredDelivery delivery)
    {
        Assert.True(Current.Deliveries.Count == 0 || _lastSequence < delivery.Sequence, "deliveries come in order");
        _lastSequence = delivery.Sequence;
        uint[] identifiers = delivery.Identifiers ?? (delivery.Identifier == 0 ? [] : [delivery.Identifier]);
        Current.Deliveries.Add(
            delivery.Sequence,
            new ModelDelivery(delivery.Qos, delivery.Retain, identifiers, delivery.SharedFilter, delivery.IsReceived ? null : Unread));
    }

    public void Incoming(ushort packetIdentifier) => Assert.True(Current.Incoming.Add(packetIdentifier));

    public void Retained(RecoveredMessage message, ulong revision) =>
        Model.Retained.Add(Encoding.UTF8.GetString(message.Topic.Span), (revision, Copy(message)));

    public void End(in RecoveredEnd end)
    {
        Ended = end;
        Model.HighestRevision = end.RetainedRevision;
    }

    /// <summary>The messages of a session's deliveries were read.</summary>
    public void Read(ulong session, RecoveredMessage[] messages)
    {
        SortedDictionary<ulong, ModelDelivery> deliveries = Model.Sessions[session].Deliveries;
        foreach (RecoveredMessage message in messages)
        {
            deliveries[message.Sequence] = deliveries[message.Sequence] with { Message = Copy(message) };
        }
    }

    private static ModelMessage Copy(RecoveredMessage message) => new(
        ModelMessage.Describe(message.Topic.Span, message.Properties.Span, message.Payload.Span),
        message.Qos,
        message.Retain,
        message.ExpiresAtUtcMilliseconds,
        message.Publisher);
}
