using System.Net;
using Starling.Broker;
using Starling.Hosting.Settings;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>
/// All that a broker can be told; immutable. Made in code, or value by value with <see cref="SettingTable.TrySet"/>.
/// <see cref="StarlingBroker.Start"/> refuses options that <see cref="FindError()"/> finds wrong.
/// </summary>
public sealed record StarlingOptions
{
    /// <summary>Where the broker listens; the loopback addresses at port 1883 by default.</summary>
    public IReadOnlyList<ListenerAddress> Listeners { get; init; } = ListenerAddress.Loopback(ListenerAddress.DefaultPort);

    /// <summary>Where a client may connect that names no user.</summary>
    public AnonymousAccess AllowAnonymous { get; init; }

    /// <summary>
    /// Where durable state is kept: a directory that belongs to one broker, made when it is not there. Null: it must be named, unless
    /// <see cref="Durability"/> is <see cref="Durability.Memory"/>, which leaves it unused.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>What an acknowledgement promises; durable by default.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Bytes of the data directory's disk that must stay free, else publishers are held back; null: a tenth of the disk, but at most 1 GiB.</summary>
    public long? DiskFreeBytesMin { get; init; }

    /// <summary>The size of one file of the log in bytes, 1 MiB to 128 MiB, a multiple of 4 KiB.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>A checkpoint is written after this many bytes of log, 1 MiB to 1 TiB: less is read at the next start, more is written until then.</summary>
    public long CheckpointBytes { get; init; } = 256L << 20;

    /// <summary>The number of event loops, 1 to 256; null: one for each processor that this process may use.</summary>
    public int? Loops { get; init; }

    /// <summary>Which event loop.</summary>
    public LoopKind LoopKind { get; init; }

    /// <summary>Bytes for buffers and messages, from 32 MiB; null: a quarter of the memory that this process may use.</summary>
    public long? MemoryBudgetBytes { get; init; }

    /// <summary>Starts the broker's randomness; null: another one at each start.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The limits. Its members for the memory budget, the number of shards, the seed and anonymous access are not used: those of this
    /// record count.
    /// </summary>
    public BrokerOptions Broker { get; init; } = new();

    /// <summary>The number of event loops that these options mean on this machine.</summary>
    public int EffectiveLoops => Loops ?? Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>The memory budget in bytes that these options mean on this machine; a limit of the container counts.</summary>
    public long EffectiveMemoryBudgetBytes =>
        MemoryBudgetBytes ?? Math.Max(32L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>One line that names the wrong value, what is allowed and what to do; null when the broker can be started with these.</summary>
    public string? FindError() => FindError(hasStore: false);

    /// <summary>The same for a program that may have a store of its own, which needs no directory.</summary>
    internal string? FindError(bool hasStore)
    {
        foreach (Setting setting in SettingTable.All)
        {
            string value = setting.Format(this);
            if (setting.Apply(this, value) is null)
            {
                return SettingTable.Refusal(setting, value);
            }
        }

        if (Durability != Durability.Memory && DataDirectory is null && !hasStore)
        {
            return $"DataDirectory is missing, and Durability={Durability.ToString().ToLowerInvariant()} keeps messages and sessions in it. "
                + "Set DataDirectory=/var/lib/starling, a directory of this broker alone, or Durability=memory: nothing survives a restart.";
        }

        if (LoopKind == LoopKind.Epoll && !OperatingSystem.IsLinux())
        {
            return "LoopKind=epoll needs Linux. Use LoopKind=automatic.";
        }

        return FindOpenListener();
    }

    private string? FindOpenListener()
    {
        ListenerAddress? open = AllowAnonymous == AnonymousAccess.Local
            ? Listeners.FirstOrDefault(l => !IPAddress.IsLoopback(l.EndPoint.Address))
            : null;
        return open is null
            ? null
            : $"The listener {open} can be reached from the network, and no authentication is set up. "
                + "Set AllowAnonymous=true to let everybody in, or listen on 127.0.0.1 and [::1] only.";
    }
}
