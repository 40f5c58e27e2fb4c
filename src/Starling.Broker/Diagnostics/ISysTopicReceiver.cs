namespace Starling.Broker.Diagnostics;

/// <summary>Takes the $SYS topics that have a new value.</summary>
internal interface ISysTopicReceiver
{
    /// <summary>The value is UTF-8 text, valid during the call.</summary>
    void OnTopic(string topic, ReadOnlySpan<byte> value);
}
