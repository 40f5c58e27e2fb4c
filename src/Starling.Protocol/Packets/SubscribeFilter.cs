namespace Starling.Protocol.Packets;

/// <summary>One Topic Filter of a SUBSCRIBE with its Subscription Options.</summary>
public readonly ref struct SubscribeFilter
{
    private const int OptionNoLocal = 0b0000_0100;
    private const int OptionRetainAsPublished = 0b0000_1000;
    private const int RetainHandlingShift = 4;

    /// <summary>The Topic Filter; text for sure, but not checked to be a well-formed filter.</summary>
    public ReadOnlySpan<byte> Filter { get; init; }

    /// <summary>The highest QoS at which the client wants messages.</summary>
    public QualityOfService MaximumQos { get; init; }

    /// <summary>5.0: the client does not want its own messages.</summary>
    public bool NoLocal { get; init; }

    /// <summary>5.0: messages keep the RETAIN flag that they were published with.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>5.0: when retained messages are sent.</summary>
    public RetainHandling RetainHandling { get; init; }

    internal static SubscribeFilter FromOptions(ReadOnlySpan<byte> filter, byte options) => new()
    {
        Filter = filter,
        MaximumQos = (QualityOfService)(options & 0b11),
        NoLocal = (options & OptionNoLocal) != 0,
        RetainAsPublished = (options & OptionRetainAsPublished) != 0,
        RetainHandling = (RetainHandling)((options >> RetainHandlingShift) & 0b11),
    };

    internal byte ToOptions(MqttVersion version) => version != MqttVersion.V5
        ? (byte)MaximumQos
        : (byte)((int)MaximumQos | (NoLocal ? OptionNoLocal : 0) | (RetainAsPublished ? OptionRetainAsPublished : 0)
            | ((int)RetainHandling << RetainHandlingShift));
}
