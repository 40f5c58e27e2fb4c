namespace Starling.Server;

/// <summary>How the process of a broker ends.</summary>
public static class ServerExitCode
{
    /// <summary>It was told to stop, and stopped in order.</summary>
    public const int Stopped = 0;

    /// <summary>A fault that nobody foresaw.</summary>
    public const int Unexpected = 1;

    /// <summary>An address is in use, does not exist here, or may not be taken.</summary>
    public const int Listener = 20;

    /// <summary>A setting is wrong.</summary>
    public const int Configuration = 26;
}
