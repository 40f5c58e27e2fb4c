namespace Starling.EndToEnd.Tests.Clients;

/// <summary>A message as a client of any kind publishes or receives it.</summary>
internal sealed record Message(string Topic, byte[] Payload)
{
    public int Qos { get; init; }

    public bool Retain { get; init; }

    public string? ResponseTopic { get; init; }

    public byte[]? CorrelationData { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    public string Text => System.Text.Encoding.UTF8.GetString(Payload);

    public static Message Of(string topic, string text, int qos = 0, bool retain = false) =>
        new(topic, System.Text.Encoding.UTF8.GetBytes(text)) { Qos = qos, Retain = retain };
}
