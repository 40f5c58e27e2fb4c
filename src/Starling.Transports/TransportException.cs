namespace Starling.Transports;

/// <summary>A stage above the socket failed: TLS or WebSocket. The message is one line that says what is wrong and what to do.</summary>
public sealed class TransportException : IOException
{
    internal TransportException(TransportStage stage, string message, Exception? cause = null)
        : base(message, cause) => Stage = stage;

    /// <summary>What failed.</summary>
    public TransportStage Stage { get; }
}
