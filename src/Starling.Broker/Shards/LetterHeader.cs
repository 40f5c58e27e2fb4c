using System.Runtime.InteropServices;

namespace Starling.Broker.Shards;

/// <summary>What stands before a message in a batch; its bytes follow: topic, properties, payload.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LetterHeader
{
    public long ExpiresAtUtcMilliseconds;
    public ulong Publisher;
    public int TopicBytes;
    public int PropertiesBytes;
    public int PayloadBytes;

    /// <summary>Which of the batch's addresses it has; -1: none, for all of the target's sessions that match.</summary>
    public int Address;
    public byte Qos;
    public byte Retain;
}
