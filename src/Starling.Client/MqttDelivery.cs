using Starling.Client.Core;
using Starling.Protocol;

namespace Starling.Client;

/// <summary>A message that arrived for a subscription. It owns its bytes, and is safe to keep.</summary>
public sealed class MqttDelivery
{
    private readonly PendingAcknowledgement? _acknowledgement;
    private int _isTaken;

    internal MqttDelivery(MqttMessage message, bool isDuplicate, uint[] subscriptionIdentifiers, PendingAcknowledgement? acknowledgement)
    {
        Message = message;
        Duplicate = isDuplicate;
        SubscriptionIdentifiers = subscriptionIdentifiers;
        _acknowledgement = acknowledgement;
    }

    /// <summary>The message.</summary>
    public MqttMessage Message { get; }

    /// <summary>Whether the server may have sent it before (DUP).</summary>
    public bool Duplicate { get; }

    /// <summary>The Subscription Identifiers as the server sent them. 5.0 only.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; }

    /// <summary>The Packet Identifier under which the server sent it; 0 at QoS 0, which has none.</summary>
    public ushort PacketIdentifier => _acknowledgement?.PacketIdentifier ?? 0;

    internal bool IsAcknowledgeable => _acknowledgement is not null;

    /// <summary>The place in the order of arrival.</summary>
    internal long Sequence { get; set; }

    /// <summary>
    /// Acknowledges it: PUBACK or PUBREC leaves as soon as the order of the specification allows. Idempotent, and without effect for
    /// QoS 0. Any thread.
    /// </summary>
    public ValueTask AckAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        Take(ReasonCode.Success);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Refuses it, which in 3.x, where there are no codes, acknowledges it. Idempotent. Any thread.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">PUBACK and PUBREC have no such code.</exception>
    public ValueTask RejectAsync(ReasonCode reason, CancellationToken ct = default)
    {
        CallerCodes.CheckRefusal(reason, nameof(reason));
        ct.ThrowIfCancellationRequested();
        Take(reason);
        return ValueTask.CompletedTask;
    }

    internal void Take(ReasonCode reason)
    {
        if (_acknowledgement is not null && Interlocked.Exchange(ref _isTaken, 1) == 0)
        {
            _acknowledgement.Take(reason);
        }
    }
}
