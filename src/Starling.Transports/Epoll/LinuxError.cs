using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Starling.Transports.Epoll;

/// <summary>The error numbers of Linux that the epoll loop tells apart.</summary>
internal static class LinuxError
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int NotImplemented = 38;
    public const int InProgress = 115;

    private const int OutOfMemory = 12;
    private const int AccessDenied = 13;
    private const int TableFull = 23;
    private const int TooManyOpenFiles = 24;
    private const int FamilyNotSupported = 97;
    private const int AddressNotAvailable = 99;
    private const int NetworkDown = 100;
    private const int NetworkUnreachable = 101;
    private const int Reset = 104;
    private const int NoBufferSpace = 105;
    private const int TimedOut = 110;
    private const int Refused = 111;
    private const int HostDown = 112;
    private const int HostUnreachable = 113;

    /// <summary>The error of the call that has just returned -1.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>Whether accepting must wait until something is given back to the system.</summary>
    public static bool IsExhaustion(int error) => error is TooManyOpenFiles or TableFull or NoBufferSpace or OutOfMemory;

    public static SocketError ToSocketError(int error) => error switch
    {
        AccessDenied or NotPermitted => SocketError.AccessDenied,
        TooManyOpenFiles or TableFull => SocketError.TooManyOpenSockets,
        NoBufferSpace or OutOfMemory => SocketError.NoBufferSpaceAvailable,
        FamilyNotSupported => SocketError.AddressFamilyNotSupported,
        AddressNotAvailable => SocketError.AddressNotAvailable,
        NetworkDown => SocketError.NetworkDown,
        NetworkUnreachable => SocketError.NetworkUnreachable,
        Reset => SocketError.ConnectionReset,
        TimedOut => SocketError.TimedOut,
        Refused => SocketError.ConnectionRefused,
        HostDown => SocketError.HostDown,
        HostUnreachable => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
