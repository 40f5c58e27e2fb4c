using System.Runtime.InteropServices;

namespace Starling.Protocol.Loops;

/// <summary>The bytes one owner has charged to a <see cref="MemoryBudget"/>. Written by its owner's thread only.</summary>
[StructLayout(LayoutKind.Sequential)]
public sealed class MemoryAccount
{
    // The padding keeps the counters of two loops out of one cache line.
#pragma warning disable CS0169, IDE0051, CA1823 // padding is never read
    private readonly long _before0, _before1, _before2, _before3, _before4, _before5, _before6;
    private long _bytes;
    private readonly long _after0, _after1, _after2, _after3, _after4, _after5, _after6;
#pragma warning restore CS0169, IDE0051, CA1823

    internal MemoryAccount()
    {
    }

    /// <summary>Bytes charged now. Callable from any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Charges bytes, or gives them back when negative.</summary>
    public void Add(long bytes) => Volatile.Write(ref _bytes, _bytes + bytes);
}
