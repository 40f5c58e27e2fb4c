using System.Numerics;

namespace Starling.Protocol.Loops;

/// <summary>
/// Buffers of powers of two from 2 KiB on, charged to the memory budget while rented. Up to 32 MiB they are kept for reuse within a
/// bound in bytes; larger ones are made for each use. Belongs to one thread.
/// </summary>
/// <param name="account">Charged with what is rented.</param>
/// <param name="idleBytesMax">The most bytes kept unused.</param>
public sealed class BufferPool(MemoryAccount account, long idleBytesMax)
{
    /// <summary>The smallest buffer in bytes.</summary>
    public const int SmallestBytes = 1 << SmallestShift;

    private const int SmallestShift = 11;
    private const int LargestKeptShift = 25;

    private readonly Stack<byte[]>[] _kept = CreateClasses();
    private long _idleBytes;
    private long _lowestIdleBytes;

    /// <summary>Bytes kept unused now.</summary>
    public long IdleBytes => _idleBytes;

    /// <summary>Hands out a buffer of at least <paramref name="lengthBytes"/>; its content is undefined.</summary>
    public byte[] Rent(int lengthBytes)
    {
        int shift = ShiftFor(lengthBytes);
        account.Add(1L << shift);
        if (shift <= LargestKeptShift && _kept[shift - SmallestShift].TryPop(out byte[]? buffer))
        {
            _idleBytes -= buffer.Length;
            _lowestIdleBytes = Math.Min(_lowestIdleBytes, _idleBytes);
            return buffer;
        }

        return GC.AllocateUninitializedArray<byte>(1 << shift);
    }

    /// <summary>Takes a buffer back that <see cref="Rent"/> of this pool handed out.</summary>
    public void Return(byte[] buffer)
    {
        account.Add(-buffer.Length);
        int shift = BitOperations.Log2((uint)buffer.Length);
        if (shift <= LargestKeptShift && _idleBytes + buffer.Length <= idleBytesMax)
        {
            _kept[shift - SmallestShift].Push(buffer);
            _idleBytes += buffer.Length;
        }
    }

    /// <summary>Charges bytes that the pool's owner keeps outside of buffers, or gives them back when negative.</summary>
    public void Charge(long bytes) => account.Add(bytes);

    /// <summary>
    /// Lets go of what has not been needed since the last call. The loop calls it every few seconds, so that memory taken by a flood
    /// is given back when it is over.
    /// </summary>
    public void Trim()
    {
        long surplusBytes = _lowestIdleBytes;
        for (int i = _kept.Length - 1; i >= 0 && surplusBytes > 0; i--)
        {
            int size = 1 << (i + SmallestShift);
            while (surplusBytes >= size && _kept[i].TryPop(out _))
            {
                surplusBytes -= size;
                _idleBytes -= size;
            }
        }

        _lowestIdleBytes = _idleBytes;
    }

    private static int ShiftFor(int lengthBytes) =>
        lengthBytes <= SmallestBytes ? SmallestShift : BitOperations.Log2((uint)lengthBytes - 1) + 1;

    private static Stack<byte[]>[] CreateClasses()
    {
        Stack<byte[]>[] classes = new Stack<byte[]>[LargestKeptShift - SmallestShift + 1];
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = new Stack<byte[]>();
        }

        return classes;
    }
}
