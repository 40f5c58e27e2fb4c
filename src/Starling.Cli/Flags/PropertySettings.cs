using Starling.Client;

namespace Starling.Cli.Flags;

/// <summary>What the -D flags say; filled while they are read.</summary>
internal sealed class PropertySettings
{
    public List<UserProperty> ConnectUserProperties { get; } = [];

    public List<UserProperty> SubscribeUserProperties { get; } = [];

    /// <summary>Null: as -c and -x say.</summary>
    public uint? SessionExpirySeconds { get; set; }

    /// <summary>Null: the client's default.</summary>
    public ushort? ReceiveMaximum { get; set; }

    public uint WillDelaySeconds { get; set; }

    public MessageProperties Will { get; } = new();

    public MessageProperties Publish { get; } = new();
}
