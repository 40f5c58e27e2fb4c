using Starling.Transports;

namespace Starling.Client.Core;

/// <summary>A connector that knows how far a connect has come.</summary>
internal interface IStagedConnector
{
    /// <summary>How far the running, or the last, connect has come. Any thread.</summary>
    ConnectStage Stage { get; }

    /// <summary>Why the last connection broke, where a stage knows; null otherwise. Any thread.</summary>
    TransportException? Fault { get; }
}
