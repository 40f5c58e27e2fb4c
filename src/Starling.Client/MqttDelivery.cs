using Starling.Client.Core;
using Starling.Client.Telemetry;
using Starling.Protocol;

namespace Starling.Client;

/// <summary>A message that arrived for a subscription. It owns its bytes, and is safe to keep.</summary>
public class MqttDelivery
{
    private readonly PendingAcknowledgement? _acknowledgement;
    private readonly TopicFilter _filter;
    private int _isTaken;

    internal MqttDelivery(in Arrival arrival, PendingAcknowledgement? acknowledgement, TopicFilter filter)
    {
        Message = arrival.Message;
        Duplicate = arrival.IsDuplicate;
        SubscriptionIdentifiers = arrival.Identifiers;
        HasReasonCodes = arrival.HasReasonCodes;
        _acknowledgement = acknowledgement;
        _filter = filter;
    }

    /// <summary>The same delivery, which was acknowledged.</summary>
    private protected MqttDelivery(MqttDelivery delivery)
    {
        Message = delivery.Message;
        Duplicate = delivery.Duplicate;
        SubscriptionIdentifiers = delivery.SubscriptionIdentifiers;
        HasReasonCodes = delivery.HasReasonCodes;
        _filter = delivery._filter;
    }

    /// <summary>The message.</summary>
    public MqttMessage Message { get; }

    /// <summary>Whether the server may have sent it before (DUP).</summary>
    public bool Duplicate { get; }

    /// <summary>The Subscription Identifiers as the server sent them. 5.0 only.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; }

    /// <summary>The Packet Identifier under which the server sent it; 0 at QoS 0, which has none.</summary>
    public ushort PacketIdentifier => _acknowledgement?.PacketIdentifier ?? 0;

    /// <summary>What stands in the topic where the template of the subscription, made by <see cref="TopicFilter.Template"/>, has this name.</summary>
    /// <exception cref="KeyNotFoundException">The template has no such name, or the filter is no template.</exception>
    public string this[string templateName] => _filter.ValueOf(templateName, Message.Topic);

    /// <summary>Its telemetry; null when nobody wants it.</summary>
    internal DeliveryTrace? Trace { get; set; }

    internal bool IsAcknowledgeable => _acknowledgement is not null;

    /// <summary>Whether it was acknowledged or refused.</summary>
    internal bool IsTaken => Volatile.Read(ref _isTaken) != 0;

    /// <summary>Whether a refusal reaches the server: 5.0.</summary>
    internal bool HasReasonCodes { get; }

    /// <summary>The place in the order of arrival.</summary>
    internal long Sequence { get; set; }

    /// <summary>
    /// Acknowledges it: PUBACK or PUBREC leaves as soon as the order of the specification allows, so any order of calls is fine.
    /// Idempotent, and without effect for QoS 0. Any thread.
    /// </summary>
    public ValueTask AckAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        Take(ReasonCode.Success);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Refuses it: the server does not send it again. In 3.x, where there are no codes, this acknowledges it. Idempotent. Any thread.
    /// </summary>
    /// <param name="reason">0x80, 0x83, 0x87, 0x90, 0x91, 0x97 or 0x99.</param>
    /// <param name="text">
    /// The Reason String, for people; null for none. At most 65535 bytes of UTF-8; left out when the server does not take a packet of that size.
    /// </param>
    /// <param name="ct">Nothing is refused when it is cancelled already.</param>
    /// <exception cref="ArgumentOutOfRangeException">PUBACK and PUBREC have no such code.</exception>
    /// <exception cref="ArgumentException">The text is no text of MQTT.</exception>
    public ValueTask RejectAsync(ReasonCode reason, string? text = null, CancellationToken ct = default)
    {
        CallerCodes.CheckRefusal(reason, nameof(reason));
        byte[]? reasonString = string.IsNullOrEmpty(text) ? null : MqttText.Encode(text, nameof(text));
        ct.ThrowIfCancellationRequested();
        Take(reason, reasonString);
        return ValueTask.CompletedTask;
    }

    internal void Take(ReasonCode reason, byte[]? reasonString = null)
    {
        if (_acknowledgement is not null && Interlocked.Exchange(ref _isTaken, 1) == 0)
        {
            Trace?.Acknowledged(reason);
            _acknowledgement.Take(reason, reasonString);
        }
    }
}
