namespace Starling.Client;

/// <summary>The responder's handler failed, and the responder said so in its reply.</summary>
public sealed class MqttRequestFailedException : MqttException
{
    internal MqttRequestFailedException(string topic, string text)
        : base($"The responder of '{topic}' failed: {text}", isTransient: false) => Text = text;

    /// <summary>What the responder said.</summary>
    public string Text { get; }
}
