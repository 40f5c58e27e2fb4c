namespace Starling.Cli.Mosquitto;

/// <summary>What may happen while a tool runs.</summary>
internal enum PeerEventKind
{
    /// <summary>A whole packet came.</summary>
    Packet,

    /// <summary>The connection is gone.</summary>
    Lost,

    /// <summary>A line of the standard input.</summary>
    Line,

    /// <summary>The standard input is at its end.</summary>
    InputEnd,

    /// <summary>The delay before the next repetition is over.</summary>
    Repeat,

    /// <summary>Time to look whether a PINGREQ is due.</summary>
    Tick,

    /// <summary>The time of -W is over.</summary>
    Timeout,

    /// <summary>Ctrl+C or SIGTERM.</summary>
    Interrupted,
}

/// <summary>Something that happened.</summary>
/// <param name="Kind">What.</param>
/// <param name="Bytes">The packet, or the line.</param>
/// <param name="Connection">On which connection, counted from 1; 0 where that does not matter.</param>
internal readonly record struct PeerEvent(PeerEventKind Kind, byte[] Bytes, int Connection);
