using System.Text;
using Starling.Bench.Running;
using Starling.Protocol.Connections;

namespace Starling.Bench.Loads;

/// <summary>One client of a run. It belongs to one loop for life; connections come and go.</summary>
/// <param name="index">Its place in the run.</param>
/// <param name="loopIndex">Its loop.</param>
/// <param name="name">Its Client Identifier.</param>
internal sealed class LoadClient(int index, int loopIndex, string name)
{
    public int Index { get; } = index;

    public int LoopIndex { get; } = loopIndex;

    public string Name { get; } = name;

    public ReadOnlyMemory<byte> Identifier { get; } = Encoding.UTF8.GetBytes(name);

    public ClientSession Session { get; } = new();

    public LoadPublisher? Publisher { get; set; }

    public LoadSubscriber? Subscriber { get; set; }

    /// <summary>Whether the next connection subscribes, unless the server has kept the session.</summary>
    public bool Subscribes { get; set; } = true;

    /// <summary>Whether the next connection begins a new session.</summary>
    public bool CleanStart { get; set; } = true;

    /// <summary>How long the session outlives the next connection.</summary>
    public uint SessionExpirySeconds { get; set; }

    /// <summary>Whether each connection is one cycle: publish one message, receive it, disconnect.</summary>
    public bool IsCycling { get; set; }

    /// <summary>When its connection was to be opened.</summary>
    public long OpenIntended { get; set; }

    /// <summary>Its connection; null while there is none.</summary>
    public LoadConnection? Link { get; set; }

    /// <summary>What its next CONNECT says.</summary>
    public ClientConnectionSettings CreateSettings(BenchRun run) => new()
    {
        Version = run.Settings.Version,
        ClientIdentifier = Identifier,
        CleanStart = CleanStart,
        SessionExpiryIntervalSeconds = SessionExpirySeconds,
        KeepAliveSeconds = run.Settings.KeepAliveSeconds,
        UserName = run.Settings.UserName is { } user ? Encoding.UTF8.GetBytes(user) : null,
        Password = run.Settings.Password is { } password ? password : (ReadOnlyMemory<byte>?)null,
        ReceiveMaximum = ushort.MaxValue,
        SendWindowMessages = ushort.MaxValue,
        MaximumPacketBytes = run.PacketBytesMax,
        TopicAliasMaximum = 0,
        RequestProblemInformation = false,
    };
}
