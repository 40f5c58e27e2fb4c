using Starling.Client;

namespace Starling.Cli.Flags;

/// <summary>Properties of a message that the -D flags name; filled while they are read.</summary>
internal sealed class MessageProperties
{
    public string? ContentType { get; set; }

    public string? ResponseTopic { get; set; }

    public byte[] CorrelationData { get; set; } = [];

    public uint? ExpirySeconds { get; set; }

    public bool? PayloadIsUtf8 { get; set; }

    public List<UserProperty> UserProperties { get; } = [];

    /// <summary>The message with these properties.</summary>
    public MqttMessage ApplyTo(MqttMessage message) => message with
    {
        ContentType = ContentType,
        ResponseTopic = ResponseTopic,
        CorrelationData = CorrelationData,
        Expiry = ExpirySeconds is uint seconds ? TimeSpan.FromSeconds(seconds) : null,
        PayloadIsUtf8 = PayloadIsUtf8,
        UserProperties = Client.UserProperties.Create([.. UserProperties]),
    };
}
