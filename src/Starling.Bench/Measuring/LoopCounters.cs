namespace Starling.Bench.Measuring;

/// <summary>What one loop has counted. Its own thread writes; any other may read, a moment late.</summary>
internal sealed class LoopCounters
{
    /// <summary>Messages handed to connections.</summary>
    public long Sent;

    /// <summary>Messages whose exchange with the server is over.</summary>
    public long Acknowledged;

    /// <summary>Messages that arrived, without duplicates.</summary>
    public long Delivered;

    /// <summary>Payload bytes of those.</summary>
    public long DeliveredBytes;

    /// <summary>Messages that arrived a second time.</summary>
    public long Duplicates;

    /// <summary>Messages that arrived after a later one of the same publisher.</summary>
    public long Reordered;

    /// <summary>Messages that a later one has overtaken and that have not arrived yet.</summary>
    public long Missing;

    /// <summary>Messages that are not of this run.</summary>
    public long Foreign;

    /// <summary>Connections that were opened.</summary>
    public long Opened;

    /// <summary>Connections that CONNACK has accepted.</summary>
    public long Accepted;

    /// <summary>Clients that are ready: accepted, and subscribed if they shall be.</summary>
    public long Ready;

    /// <summary>Connections that have ended.</summary>
    public long Ended;

    /// <summary>Cycles of <c>churn</c> that are done.</summary>
    public long Cycles;

    /// <summary>Sessions that the server had kept.</summary>
    public long Resumed;

    /// <summary>Nanoseconds in which every publisher was held back by the server while messages were due.</summary>
    public long HeldBack;

    /// <summary>Nanoseconds of processor time of the loop's thread.</summary>
    public long Cpu;

    /// <summary>When a message arrived last.</summary>
    public long LastArrival;

    /// <summary>When a message was sent or acknowledged last.</summary>
    public long LastSend;
}
