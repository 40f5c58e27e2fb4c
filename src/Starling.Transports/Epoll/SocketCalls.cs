using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Starling.Transports.Loops;

namespace Starling.Transports.Epoll;

/// <summary>The calls on sockets, with their results as the loop sees them.</summary>
internal static unsafe class SocketCalls
{
    public const int AddressBytesMax = 128;

    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;
    private const int LingerOption = 13;
    private const int ShutSending = 1;
    private const int NoSignalDoNotWait = 0x4000 | 0x40;
    private const int MoreFollows = 0x8000;
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int StreamType = 1;
    private const int FamilyIPv4 = 2;
    private const int FamilyIPv6 = 10;

    public static TransferStatus Receive(int fileDescriptor, Span<byte> destination, out int received)
    {
        nint result;
        fixed (byte* pointer = destination)
        {
            do
            {
                result = LinuxNative.Receive(fileDescriptor, pointer, (nuint)destination.Length, NoSignalDoNotWait);
            }
            while (result < 0 && LinuxError.Last == LinuxError.Interrupted);
        }

        received = (int)Math.Max(0, result);
        return result switch
        {
            > 0 => TransferStatus.Done,
            0 => TransferStatus.EndOfStream,
            _ => LinuxError.Last == LinuxError.WouldBlock ? TransferStatus.WouldBlock : TransferStatus.Failed,
        };
    }

    public static TransferStatus Send(int fileDescriptor, ReadOnlySpan<byte> source, bool moreFollows, out int sent)
    {
        int flags = moreFollows ? NoSignalDoNotWait | MoreFollows : NoSignalDoNotWait;
        nint result;
        fixed (byte* pointer = source)
        {
            do
            {
                result = LinuxNative.Send(fileDescriptor, pointer, (nuint)source.Length, flags);
            }
            while (result < 0 && LinuxError.Last == LinuxError.Interrupted);
        }

        sent = (int)Math.Max(0, result);
        if (result >= 0)
        {
            return TransferStatus.Done;
        }

        return LinuxError.Last == LinuxError.WouldBlock ? TransferStatus.WouldBlock : TransferStatus.Failed;
    }

    /// <summary>Returns the file descriptor of the accepted connection, or -1.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="last">The address of the last one, whose object is used again: many connections come through one gateway.</param>
    /// <param name="remote">Who connected.</param>
    public static int Accept(int listener, ref IPAddress? last, out EndPoint? remote)
    {
        byte* address = stackalloc byte[AddressBytesMax];
        int length = AddressBytesMax;
        int accepted = LinuxNative.Accept(listener, address, &length, NonBlockingCloseOnExec);
        remote = accepted < 0 ? null : ToEndPoint(new ReadOnlySpan<byte>(address, Math.Min(length, AddressBytesMax)), ref last);
        if (accepted >= 0)
        {
            SetNoDelay(accepted);
        }

        return accepted;
    }

    /// <summary>Returns a new socket whose connect has begun, or -1.</summary>
    public static int BeginConnect(EndPoint endPoint)
    {
        SocketAddress address = endPoint.Serialize();
        int family = address.Family switch
        {
            AddressFamily.InterNetwork => FamilyIPv4,
            AddressFamily.InterNetworkV6 => FamilyIPv6,
            _ => throw new NotSupportedException($"Cannot connect to {endPoint}."),
        };
        int fileDescriptor = LinuxNative.Socket(family, StreamType | NonBlockingCloseOnExec, 0);
        if (fileDescriptor < 0)
        {
            return -1;
        }

        SetNoDelay(fileDescriptor);
        fixed (byte* pointer = address.Buffer.Span)
        {
            int result = LinuxNative.Connect(fileDescriptor, pointer, address.Size);
            if (result == 0 || LinuxError.Last is LinuxError.InProgress or LinuxError.Interrupted)
            {
                return fileDescriptor;
            }
        }

        int error = LinuxError.Last;
        LinuxNative.Close(fileDescriptor);
        System.Runtime.InteropServices.Marshal.SetLastPInvokeError(error);
        return -1;
    }

    /// <summary>The error that waits on a socket; 0 when there is none.</summary>
    public static int TakeError(int fileDescriptor)
    {
        int error = 0;
        int length = sizeof(int);
        return LinuxNative.GetOption(fileDescriptor, SocketLevel, ErrorOption, &error, &length) < 0 ? LinuxError.Last : error;
    }

    public static void ShutDownSending(int fileDescriptor) => LinuxNative.ShutDown(fileDescriptor, ShutSending);

    public static void Close(int fileDescriptor, bool reset)
    {
        if (reset)
        {
            // Lingering on for zero seconds: the kernel drops what is on the way and tells the peer.
            int* linger = stackalloc int[2] { 1, 0 };
            LinuxNative.SetOption(fileDescriptor, SocketLevel, LingerOption, linger, 2 * sizeof(int));
        }

        LinuxNative.Close(fileDescriptor);
    }

    private static void SetNoDelay(int fileDescriptor)
    {
        int on = 1;
        LinuxNative.SetOption(fileDescriptor, TcpLevel, NoDelayOption, &on, sizeof(int));
    }

    private static IPEndPoint? ToEndPoint(ReadOnlySpan<byte> address, ref IPAddress? last)
    {
        if (address.Length < 8)
        {
            return null;
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        IPAddress? sender = BitConverter.ToUInt16(address) switch
        {
            FamilyIPv4 => new IPAddress(address.Slice(4, 4)),
            FamilyIPv6 when address.Length >= 28 => new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])),
            _ => null,
        };
        last = sender is not null && sender.Equals(last) ? last : sender;
        return last is null ? null : new IPEndPoint(last, port);
    }
}
