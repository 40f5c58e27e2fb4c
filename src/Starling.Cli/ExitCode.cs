using System.Globalization;
using Starling.Cli.Help;
using Starling.Server;

namespace Starling.Cli;

/// <summary>How the tool ends. The broker's own codes are those of <see cref="Server.ServerExitCode"/>.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Unexpected = 1;
    public const int ProblemsFound = 2;
    public const int Usage = 3;
    public const int CannotConnect = 4;
    public const int ConnectionRefused = 5;
    public const int ConnectionLost = 7;
    public const int Tls = 8;
    public const int BadCredentials = 11;
    public const int NotAuthorized = 12;
    public const int Refused = 13;
    public const int TimedOut = 27;
    public const int Interrupted = 130;

    /// <summary>What each means to a script, by who ends so; a script may rely on every line.</summary>
    public static readonly IReadOnlyList<HelpTable> Tables =
    [
        new("Every command",
        [
            Row(Ok, "all went well; sub and record also end so on Ctrl+C"),
            Row(Unexpected, "unexpected error"),
            Row(ProblemsFound, "conform, store verify, store import or replay found problems; bench: a promise broken, an invalid run, or a worse figure"),
            Row(Usage, "bad usage: a flag or a value is wrong, or a directory or recording to write is there already"),
            Row(CannotConnect, "cannot connect; backup: no broker runs on the data directory"),
            Row(ConnectionRefused, "the server refused the connection (CONNACK; its code is printed)"),
            Row(ConnectionLost, "the connection was lost"),
            Row(Tls, "TLS failed"),
            Row(BadCredentials, "the user name or password is wrong"),
            Row(NotAuthorized, "not authorised to publish or subscribe"),
            Row(Refused, "the server refused the message or subscription for another reason"),
            Row(TimedOut, "the time of -W is over; bench: nothing happened any more"),
            Row(Interrupted, "interrupted"),
        ]),
        new("starling serve; 21 to 24 also of store, backup and restore",
        [
            Row(ServerExitCode.Stopped, "stopped by SIGTERM or SIGINT, in order"),
            Row(ServerExitCode.Listener, "an address is in use, or may not be taken"),
            Row(ServerExitCode.DataLocked, "the data directory is in use by another process"),
            Row(ServerExitCode.DataUnreadable, "the data directory cannot be made, read or written"),
            Row(ServerExitCode.DataNewer, "the data is of a newer format"),
            Row(ServerExitCode.DataCorrupt, "the data is damaged"),
            Row(ServerExitCode.StorageFailed, "the storage failed while serving"),
            Row(ServerExitCode.Configuration, "the configuration is wrong"),
        ]),
    ];

    private static (string Name, string Meaning) Row(int code, string meaning) => (code.ToString(CultureInfo.InvariantCulture), meaning);
}
