using Starling.Bench.Running;
using Starling.Cli.Connections;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary>Says in one line what ended a run of <c>bench</c>, and which exit code that is.</summary>
internal static class BenchFailure
{
    public static (int Code, string Text) Explain(RunFailure failure, string server) => failure switch
    {
        { Kind: FailureKind.CannotConnect } =>
            (ExitCode.CannotConnect, $"Cannot connect to {server}: {failure.Detail?.TrimEnd('.')}. Is the broker running there? Check -h and -p."),
        { Kind: FailureKind.NotMqtt } =>
            (ExitCode.CannotConnect, $"{server} did not answer as an MQTT server: {failure.Detail}."),
        { Kind: FailureKind.Refused, Reason: ReasonCode.BadUserNameOrPassword } =>
            (ExitCode.BadCredentials, $"{server} refused the user name or password ({FailureReport.Describe(failure.Reason)}). Check -u and -P."),
        { Kind: FailureKind.Refused } =>
            (ExitCode.ConnectionRefused, $"{server} refused a connection: {FailureReport.Describe(failure.Reason)}."),
        { Kind: FailureKind.SubscribeRefused } =>
            (FailureReport.CodeOfRefusal(failure.Reason), $"{server} refused a subscription: {FailureReport.Describe(failure.Reason)}."),
        { Kind: FailureKind.PublishRefused } =>
            (FailureReport.CodeOfRefusal(failure.Reason), $"{server} refused a message: {FailureReport.Describe(failure.Reason)}."),
        { Kind: FailureKind.Stalled } =>
            (ExitCode.TimedOut, $"{server} stands still: {failure.Detail}."),
        _ => (ExitCode.ConnectionLost, $"{server} ended a connection{Because(failure)}. The connection was lost."),
    };

    private static string Because(RunFailure failure) => (failure.Reason, failure.Detail) switch
    {
        (ReasonCode.UnspecifiedError, null) => "",
        (ReasonCode.UnspecifiedError, string detail) => $": {detail}",
        (_, string detail) => $": {detail}, {FailureReport.Describe(failure.Reason)}",
        _ => $": {FailureReport.Describe(failure.Reason)}",
    };
}
