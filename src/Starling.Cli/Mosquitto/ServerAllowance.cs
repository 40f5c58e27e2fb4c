using Starling.Protocol;

namespace Starling.Cli.Mosquitto;

/// <summary>What a server lets its client send.</summary>
internal sealed record ServerAllowance(int ReceiveMaximum, int QosMax, long PacketBytesMax)
{
    public static ServerAllowance All { get; } = new(ushort.MaxValue, (int)QualityOfService.ExactlyOnce, uint.MaxValue);
}
