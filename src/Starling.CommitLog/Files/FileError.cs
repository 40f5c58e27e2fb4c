using System.Runtime.InteropServices;

namespace Starling.CommitLog.Files;

/// <summary>Turns what the system reports into the exceptions that a log tells apart.</summary>
internal static class FileError
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int NotPermitted = 1;
    public const int OtherDevice = 18;
    public const int TooManyLinks = 31;
    public const int NotSupported = 95;

    private const int FileTableFull = 23;
    private const int TooManyOpenFiles = 24;
    private const int NoSpace = 28;
    private const int QuotaOfMac = 69;
    private const int Quota = 122;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The error of the call that has just returned -1.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    public static IOException Create(int error, string verb, string path)
    {
        string message = $"cannot {verb} {path}: {Marshal.GetPInvokeErrorMessage(error)}";
        return IsFull(error) ? new LogFullException(message) : new IOException(message, error);
    }

    /// <summary>The same failure as an exception of one of the kinds that <see cref="ILogFile"/> promises.</summary>
    public static IOException Convert(Exception cause, string verb, string path)
    {
        string message = $"cannot {verb} {path}: {cause.Message.ReplaceLineEndings(" ")}";
        return cause is IOException && IsFull(cause.HResult) ? new LogFullException(message, cause) : new IOException(message, cause);
    }

    // Without a free handle a store cannot open its next file, but nothing is lost: it waits as for space.
    private static bool IsFull(int error) => error
        is NoSpace or FileTableFull or TooManyOpenFiles or WindowsDiskFull or WindowsHandleDiskFull
        || error == (OperatingSystem.IsMacOS() ? QuotaOfMac : Quota);
}
