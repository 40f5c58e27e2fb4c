namespace Starling.Storage.Records;

/// <summary>The type byte of a record. A number is never given another meaning.</summary>
internal enum RecordType : byte
{
    None = 0,

    // The broker's operations.
    Message = 1,
    Finished = 2,
    SessionOpened = 3,
    SessionAway = 4,
    SessionEnded = 5,
    Subscribed = 6,
    Unsubscribed = 7,
    Received = 8,
    Incoming = 9,
    Released = 10,
    Sent = 11,
    Will = 12,
    WillRemoved = 13,

    // Of the store itself: compaction has copied messages to another file.
    DeliveriesMoved = 32,
    RetainedMoved = 33,

    // In checkpoint files only.
    CheckpointHead = 64,
    CheckpointSession = 65,
    CheckpointSubscriptions = 66,
    CheckpointDeliveries = 67,
    CheckpointRetained = 68,
    CheckpointSegments = 69,
    CheckpointEnd = 70,
}
