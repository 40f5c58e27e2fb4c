using Starling.Protocol;

namespace Starling.Storage.Tests.Model;

/// <summary>A session of the model.</summary>
internal sealed class ModelSession
{
    public required string ClientIdentifier { get; init; }

    public string? UserName { get; set; }

    public uint Epoch { get; set; }

    public uint ExpirySeconds { get; set; }

    public MqttVersion Version { get; set; }

    public long? AwaySince { get; set; }

    /// <summary>In words; null: none.</summary>
    public string? Will { get; set; }

    public uint WillEpoch { get; set; }

    public ulong NextSequence { get; set; }

    public ulong SentBelow { get; set; }

    public SortedDictionary<string, (byte Options, uint Identifier)> Subscriptions { get; } = new(StringComparer.Ordinal);

    public SortedSet<ushort> Incoming { get; } = [];

    public SortedDictionary<ulong, ModelDelivery> Deliveries { get; } = [];
}
