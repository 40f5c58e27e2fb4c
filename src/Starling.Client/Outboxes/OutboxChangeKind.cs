namespace Starling.Client.Outboxes;

/// <summary>What happens to a message of an outbox file. The numbers stand in files.</summary>
internal enum OutboxChangeKind : byte
{
    /// <summary>It entered.</summary>
    Stored = 1,

    /// <summary>PUBREC took it.</summary>
    Received = 2,

    /// <summary>Nothing more is owed for it.</summary>
    Done = 3,

    /// <summary>It is written anew, with all that is known of it, so that an old segment can go.</summary>
    Moved = 4,
}
