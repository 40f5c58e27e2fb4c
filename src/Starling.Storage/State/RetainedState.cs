namespace Starling.Storage.State;

/// <summary>A retained message in the index, or that there is none any more.</summary>
internal sealed class RetainedState(byte[] topic)
{
    public byte[] Topic { get; } = topic;

    /// <summary>Only a record of a higher revision changes it.</summary>
    public ulong Revision { get; set; }

    /// <summary>Where the message stands; nowhere: it was deleted, which is remembered while a record of a lower revision may come.</summary>
    public Location Location { get; set; }

    public long ExpiresAtUtcMilliseconds { get; set; }

    public int Slot { get; set; }

    public bool IsDeleted => Location == default;
}
