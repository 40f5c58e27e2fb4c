namespace Starling.Bench.Checking;

/// <summary>Checks the messages that arrive at one receiver.</summary>
internal interface IArrivalCheck
{
    /// <summary>Takes note of a message.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="missing">By how many the messages that were overtaken and are not here have become more, or fewer.</param>
    Arrival Check(in MessageHeader header, out long missing);
}
