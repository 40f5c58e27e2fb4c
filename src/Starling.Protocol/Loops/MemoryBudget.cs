namespace Starling.Protocol.Loops;

/// <summary>
/// One budget in bytes for everything that grows with load: buffers and message chunks. Each owner (a pool, a shard) has an account
/// that only its thread writes; anybody may read the sum.
/// </summary>
/// <param name="limitBytes">The budget.</param>
public sealed class MemoryBudget(long limitBytes)
{
    private readonly Lock _gate = new();
    private MemoryAccount[] _accounts = [];

    /// <summary>The budget in bytes.</summary>
    public long LimitBytes { get; } = limitBytes;

    /// <summary>Bytes charged to all accounts. Callable from any thread; a moment old at worst.</summary>
    public long UsedBytes
    {
        get
        {
            long used = 0;
            foreach (MemoryAccount account in Volatile.Read(ref _accounts))
            {
                used += account.Bytes;
            }

            return used;
        }
    }

    /// <summary>Opens an account. Callable from any thread.</summary>
    public MemoryAccount OpenAccount()
    {
        MemoryAccount account = new();
        lock (_gate)
        {
            Volatile.Write(ref _accounts, [.. _accounts, account]);
        }

        return account;
    }
}
