using Starling.Client.Core;

namespace Starling.Client.Outboxes;

/// <summary>One change that goes into the file.</summary>
/// <param name="Kind">What.</param>
/// <param name="Call">Of which message.</param>
internal readonly record struct OutboxChange(OutboxChangeKind Kind, PublishCall Call);
