using Starling.Broker.Messages;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>One QoS 1 or 2 delivery; 20 bytes and no reference to an object, because a backlog is an array of them.</summary>
internal struct OutboxEntry
{
    /// <summary>The body; none once released or done.</summary>
    public StoredMessage Message;

    /// <summary>The only Subscription Identifier; 0: none, or several, which the outbox keeps.</summary>
    public uint Identifier;

    public QualityOfService Qos;

    public OutboxState State;

    private Flags _flags;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Retain = 1,
        Shared = 2,
        WasSent = 4,
        Pending = 8,
        IsOpen = 16,
        Stored = 32,
        KnownAsSent = 64,
    }

    public bool Retain
    {
        readonly get => Has(Flags.Retain);
        set => Set(Flags.Retain, value);
    }

    /// <summary>Whether it came through a shared subscription.</summary>
    public bool IsShared
    {
        readonly get => Has(Flags.Shared);
        set => Set(Flags.Shared, value);
    }

    /// <summary>Whether it was sent at least once: DUP is 1 then [MQTT-3.3.1-1].</summary>
    public bool WasSent
    {
        readonly get => Has(Flags.WasSent);
        set => Set(Flags.WasSent, value);
    }

    /// <summary>Whether the sequence is only reserved: the record is not committed yet.</summary>
    public bool IsPending
    {
        readonly get => Has(Flags.Pending);
        set => Set(Flags.Pending, value);
    }

    /// <summary>Whether its record is committed, so that the message can be read back.</summary>
    public bool IsStored
    {
        readonly get => Has(Flags.Stored);
        set => Set(Flags.Stored, value);
    }

    /// <summary>Whether its record says that the client was there, so that after a crash it counts as sent.</summary>
    public bool IsKnownAsSent
    {
        readonly get => Has(Flags.KnownAsSent);
        set => Set(Flags.KnownAsSent, value);
    }

    /// <summary>Whether its PUBLISH was sent on this connection, so that it uses the client's Receive Maximum.</summary>
    public bool IsOpenOnConnection
    {
        readonly get => Has(Flags.IsOpen);
        set => Set(Flags.IsOpen, value);
    }

    private readonly bool Has(Flags flag) => (_flags & flag) != 0;

    private void Set(Flags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;
}
