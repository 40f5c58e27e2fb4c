using Starling.Protocol.Connections;

namespace Starling.Bench.Loads;

/// <summary>A QoS 1 or QoS 2 message of a publisher: it is used again and again, so that a message costs no memory.</summary>
internal sealed class BenchMessage
{
    /// <summary>The publisher to whom it comes back.</summary>
    public required LoadPublisher Publisher { get; init; }

    /// <summary>Which of the sizes it has.</summary>
    public required int SizeIndex { get; init; }

    /// <summary>The payload; the header in it is written anew for each use.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The property block; the Correlation Data at its end is written anew for each use.</summary>
    public required byte[] Properties { get; init; }

    /// <summary>When it was to be sent.</summary>
    public long Intended { get; set; }

    /// <summary>The message as the session knows it.</summary>
    public OutgoingMessage? Outgoing { get; set; }
}
