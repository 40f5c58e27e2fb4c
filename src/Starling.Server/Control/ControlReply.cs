using Starling.Storage;

namespace Starling.Server.Control;

/// <summary>One line of an answer on the control socket: any number about progress, then one on how it ended.</summary>
internal sealed record ControlReply
{
    public const string InProgress = "progress";
    public const string Complete = "complete";
    public const string Failed = "failed";

    /// <summary>One of the words above.</summary>
    public string? State { get; init; }

    /// <summary>How far it is, with <see cref="InProgress"/>.</summary>
    public StoreProgress? Progress { get; init; }

    /// <summary>What kind of obstacle the storage met, with <see cref="Failed"/>; null: another one.</summary>
    public StoreFailure? Failure { get; init; }

    /// <summary>One line for a person, with <see cref="Failed"/>.</summary>
    public string? Message { get; init; }
}
