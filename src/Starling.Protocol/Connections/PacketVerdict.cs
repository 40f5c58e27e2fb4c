namespace Starling.Protocol.Connections;

/// <summary>What the receiver of a packet wants to happen next on the connection.</summary>
public enum PacketVerdict : byte
{
    /// <summary>The packet is handled; give the next one.</summary>
    Continue,

    /// <summary>The packet is handled; give no more until reading is resumed.</summary>
    Pause,

    /// <summary>The packet is not handled: stop, and give it again when reading is resumed.</summary>
    Retry,

    /// <summary>The connection is over; ignore whatever follows.</summary>
    End,
}
