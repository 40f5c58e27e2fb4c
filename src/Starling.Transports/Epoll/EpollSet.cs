using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Starling.Transports.Epoll;

/// <summary>
/// One epoll file descriptor, its event buffer, and the eventfd that wakes it. The kernel packs an event into 12 bytes on x64 and
/// 16 elsewhere, so events are read by offset.
/// </summary>
internal sealed unsafe class EpollSet : IDisposable
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const long WakeData = long.MinValue;

    private const uint EdgeTriggered = 1u << 31;
    private const int EventsMax = 512;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    private const nint FineWaitNumber = 441;
    private const int SetTimerSlack = 29;
    private const int SlackNanoseconds = 1000;

    private readonly int _eventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private readonly int _dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private readonly byte* _events;
    private readonly int _epoll;

    // A handle that counts its users: other threads may wake a loop that is just ending, and its number must not be anybody else's then.
    private readonly SafeFileHandle _wake;
    private bool _canWaitFinely = true;
    private bool _sleepsExactly;

    public EpollSet()
    {
        _epoll = Checked(LinuxNative.EpollCreate(CloseOnExec));
        _wake = new SafeFileHandle(Checked(LinuxNative.EventFileDescriptor(0, CloseOnExec | NonBlocking)), ownsHandle: true);
        _events = (byte*)NativeMemory.AllocZeroed(EventsMax, (nuint)_eventBytes);

        // Edge-triggered, so that nobody has to read the counter back.
        Checked(Control(Add, (int)_wake.DangerousGetHandle(), In | EdgeTriggered, WakeData));
    }

    /// <summary>How many events the last wait found.</summary>
    public int Count { get; private set; }

    public void Wait(int timeoutMilliseconds)
    {
        int count = LinuxNative.EpollWait(_epoll, _events, EventsMax, timeoutMilliseconds);
        if (count < 0 && LinuxError.Last != LinuxError.Interrupted)
        {
            throw new Win32Exception(LinuxError.Last, "epoll_wait failed");
        }

        Count = Math.Max(0, count);
    }

    public void WaitFinely(long timeoutNanoseconds)
    {
        if (!_canWaitFinely)
        {
            Wait((int)Math.Min(int.MaxValue, (timeoutNanoseconds + 999_999) / 1_000_000));
            return;
        }

        SleepExactly();
        TimeSpec timeout = TimeSpec.Of(timeoutNanoseconds);
        nint count = LinuxNative.EpollWaitFinely(FineWaitNumber, _epoll, _events, EventsMax, &timeout, null, 0);
        if (count < 0 && LinuxError.Last is int error && error != LinuxError.Interrupted)
        {
            // Kernels before 5.11 do not know the call, and some sandboxes forbid what they do not know.
            _canWaitFinely = error is LinuxError.NotImplemented or LinuxError.NotPermitted ? false : throw new Win32Exception(error, "epoll_pwait2 failed");
        }

        Count = (int)Math.Max(0, count);
    }

    /// <summary>Sleeps on the loop's thread; a signal may end it early.</summary>
    public void Gather(long nanoseconds)
    {
        SleepExactly();
        TimeSpec time = TimeSpec.Of(nanoseconds);
        _ = LinuxNative.Sleep(&time, null);
    }

    public uint EventAt(int index, out long data)
    {
        byte* position = _events + ((nint)index * _eventBytes);
        data = *(long*)(position + _dataOffset);
        return *(uint*)position;
    }

    public bool TryAdd(int fileDescriptor, uint events, long data) => Control(Add, fileDescriptor, events, data) == 0;

    public void Change(int fileDescriptor, uint events, long data) => Control(Modify, fileDescriptor, events, data);

    public void Remove(int fileDescriptor) => Control(Delete, fileDescriptor, 0, 0);

    public void Wake()
    {
        ulong one = 1;
        bool isHeld = false;
        try
        {
            _wake.DangerousAddRef(ref isHeld);
            LinuxNative.Write((int)_wake.DangerousGetHandle(), &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended.
        }
        finally
        {
            if (isHeld)
            {
                _wake.DangerousRelease();
            }
        }
    }

    public void Dispose()
    {
        LinuxNative.Close(_epoll);
        _wake.Dispose();
        NativeMemory.Free(_events);
    }

    // Unless a thread says otherwise, the kernel wakes it up to 50 µs late.
    private void SleepExactly()
    {
        if (!_sleepsExactly)
        {
            _sleepsExactly = true;
            _ = LinuxNative.ControlProcess(SetTimerSlack, SlackNanoseconds, 0, 0, 0);
        }
    }

    private int Control(int operation, int fileDescriptor, uint events, long data)
    {
        byte* epollEvent = stackalloc byte[16];
        *(uint*)epollEvent = events;
        *(long*)(epollEvent + _dataOffset) = data;
        return LinuxNative.EpollControl(_epoll, operation, fileDescriptor, epollEvent);
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(LinuxError.Last, "The epoll set cannot be made");
}
