using Microsoft.Extensions.Logging;
using Starling.Client.Core;
using Starling.CommitLog;
using Starling.Protocol;

namespace Starling.Client.Outboxes;

/// <summary>What an outbox file works with.</summary>
internal sealed record OutboxStoreParts
{
    public required ILogDirectory Directory { get; init; }

    public required string ClientId { get; init; }

    public required long MaxBytes { get; init; }

    public required Outbox Outbox { get; init; }

    public required Mailbox Mailbox { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>On the loop: takes over what an earlier process has left, in the order of the tickets.</summary>
    public required Action<IReadOnlyList<PublishCall>, Instant> Restore { get; init; }
}
