namespace Starling.Crash.Ledger;

/// <summary>One will, and how often each watcher has got it.</summary>
internal sealed class Will(string name, int qos, int watchers)
{
    public string Name => name;

    public int Qos => qos;

    /// <summary>True: it must be published; false: it must not; null: its CONNECT or DISCONNECT was not acknowledged, so either may be.</summary>
    public bool? IsDue { get; set; }

    public int[] Times { get; } = new int[watchers];
}
