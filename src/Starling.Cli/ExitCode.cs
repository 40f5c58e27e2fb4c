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

    /// <summary>The table for people; scripts may rely on every line.</summary>
    public const string Table =
        """
        Exit codes

          0    all went well; sub also ends so on Ctrl+C
          1    unexpected error
          2    conform, store verify or store import found problems; bench: a promise broken, an invalid run, or a worse figure
          3    bad usage: a flag or a value is wrong, or a directory to write is not empty
          4    cannot connect; backup: no broker runs on the data directory
          5    the server refused the connection (CONNACK; its code is printed)
          7    the connection was lost
          8    TLS failed
          11   the user name or password is wrong
          12   not authorised to publish or subscribe
          13   the server refused the message or subscription for another reason
          27   the time of -W is over; bench: nothing happened any more
          130  interrupted

        Of `starling serve`; 21 to 24 also of store, backup and restore

          0    stopped by SIGTERM or SIGINT, in order
          20   an address is in use, or may not be taken
          21   the data directory is in use by another process
          22   the data directory cannot be made, read or written
          23   the data is of a newer format
          24   the data is damaged
          25   the storage failed while serving
          26   the configuration is wrong
        """;
}
