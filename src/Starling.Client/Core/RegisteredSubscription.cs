using Starling.Protocol;
using Starling.Protocol.Packets;
using Starling.Protocol.Topics;

namespace Starling.Client.Core;

/// <summary>A subscription as the loop knows it. The loop's thread.</summary>
internal sealed class RegisteredSubscription
{
    private readonly byte[] _filter;
    private readonly byte[] _matchFilter;

    public RegisteredSubscription(MqttSubscription subscription, uint identifier)
    {
        Subscription = subscription;
        Identifier = identifier;
        _filter = subscription.WireFilter;
        _matchFilter = SharedFilter.TryParse(_filter, out _, out ReadOnlySpan<byte> inner) ? inner.ToArray() : _filter;
        SubscribeOptions options = subscription.Options;
        SubscribeFilter entry = new()
        {
            Filter = _filter,
            MaximumQos = options.MaximumQos,
            NoLocal = options.NoLocal,
            RetainAsPublished = options.RetainAsPublished,
            RetainHandling = options.Retained,
        };
        SubscribeEntry = Encode(entry, MqttVersion.V5);
        UserProperties = MessageEncoder.EncodeUserProperties(options.UserProperties);

        // 3.x has no subscription options besides the QoS.
        PlainSubscribeEntry = Encode(entry, MqttVersion.V311);
    }

    public MqttSubscription Subscription { get; }

    /// <summary>The Subscription Identifier; that of all with the same filter.</summary>
    public uint Identifier { get; }

    /// <summary>The filter with its options, in wire form.</summary>
    public byte[] SubscribeEntry { get; }

    /// <summary>The same for 3.x.</summary>
    public byte[] PlainSubscribeEntry { get; }

    /// <summary>The User Properties of SUBSCRIBE in wire form; empty for none.</summary>
    public byte[] UserProperties { get; }

    /// <summary>SUBACK granted it in the session that the server holds.</summary>
    public bool IsGranted { get; set; }

    /// <summary>Whether it has this filter, share name included.</summary>
    public bool IsFor(ReadOnlySpan<byte> wireFilter) => wireFilter.SequenceEqual(_filter);

    public bool Matches(ReadOnlySpan<byte> topic) => Protocol.Topics.TopicFilter.Matches(_matchFilter, topic);

    private static byte[] Encode(scoped in SubscribeFilter entry, MqttVersion version)
    {
        byte[] bytes = new byte[SubscribeFilterWriter.GetByteCount(entry)];
        SubscribeFilterWriter.Write(bytes, entry, version);
        return bytes;
    }
}
