namespace Starling.Broker.Connections;

/// <summary>A log sequence number that several wait for before it is known.</summary>
internal sealed class LateTicket
{
    /// <summary>The number not known yet.</summary>
    public const ulong Unknown = ulong.MaxValue;

    public ulong Lsn { get; set; } = Unknown;
}
