using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary>The Will Message that the flags describe.</summary>
internal sealed record WillSettings(string Topic, byte[] Payload, QualityOfService Qos, bool Retain);
