using System.Runtime.InteropServices;
using Starling.Protocol;

namespace Starling.Broker.Messages;

/// <summary>What stands before the topic, the properties and the payload of a stored message. Never leaves the process.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct MessageHeader
{
    public const int Size = 28;

    public long ExpiresAtUtcMilliseconds;
    public ulong Publisher;
    public int PropertiesBytes;
    public int PayloadBytes;
    public ushort TopicBytes;
    public QualityOfService Qos;
    public byte Retain;
}
