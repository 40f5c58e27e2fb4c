using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Bench.Running;

/// <summary>What ended a run early.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Reason">The server's code, where it gave one; else UnspecifiedError.</param>
/// <param name="Detail">More for people; null for nothing.</param>
internal sealed record RunFailure(FailureKind Kind, ReasonCode Reason, string? Detail = null)
{
    /// <summary>A connection ended by itself.</summary>
    public static RunFailure Of(in ClientEnd end) => end.Kind switch
    {
        ClientEndKind.Refused => new RunFailure(FailureKind.Refused, end.Reason),
        ClientEndKind.ByServer => new RunFailure(FailureKind.Lost, end.Reason, "the server sent DISCONNECT"),
        ClientEndKind.Violation => new RunFailure(FailureKind.NotMqtt, end.Reason, $"it broke {end.Statement}"),
        ClientEndKind.KeepAliveTimeout => new RunFailure(FailureKind.Lost, ReasonCode.UnspecifiedError, "PINGREQ was not answered"),
        _ => new RunFailure(FailureKind.Lost, ReasonCode.UnspecifiedError),
    };
}
