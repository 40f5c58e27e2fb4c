using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>What the flags of <c>rr</c> say.</summary>
internal sealed record RrSettings
{
    /// <summary>The request, with its payload when that is not read from somewhere.</summary>
    public required MqttMessage Request { get; init; }

    public required string ResponseTopic { get; init; }

    /// <summary>The User Properties of SUBSCRIBE.</summary>
    public UserProperties SubscribeProperties { get; init; } = [];

    /// <summary>A file, or - for the standard input; null: the request has its payload.</summary>
    public string? PayloadFile { get; init; }

    /// <summary>How long a response may take; null: for ever.</summary>
    public TimeSpan? Wait { get; init; }

    public int Count { get; init; } = 1;

    /// <summary>Tells how long the responses took, instead of the responses.</summary>
    public bool ShowsLatency { get; init; }

    public PrintSettings Print { get; init; } = new();
}
