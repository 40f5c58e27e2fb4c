using Starling.Client.Core;
using Starling.Protocol.Topics;

namespace Starling.Client;

/// <summary>A well-formed Topic Filter, without share name. A string converts to it.</summary>
public sealed record TopicFilter
{
    /// <summary>Checks a filter.</summary>
    /// <exception cref="ArgumentException">It is not well formed.</exception>
    public TopicFilter(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
        Bytes = MqttText.Encode(value, nameof(value));
        if (!Protocol.Topics.TopicFilter.IsValid(Bytes))
        {
            throw new ArgumentException(
                $"'{value}' is no Topic Filter: it needs 1 to 65535 bytes, + fills a whole level, # is the whole last level.", nameof(value));
        }

        if (SharedFilter.IsShared(Bytes) && !SharedFilter.TryParse(Bytes, out _, out _))
        {
            throw new ArgumentException($"'{value}' is no shared filter: that is $share/NAME/FILTER, NAME without /, + and #.", nameof(value));
        }
    }

    /// <summary>The filter as text.</summary>
    public string Value { get; }

    internal byte[] Bytes { get; }

    /// <summary>The same as the constructor.</summary>
    public static implicit operator TopicFilter(string value) => new(value);

    /// <summary>The same as the constructor.</summary>
    public static TopicFilter FromString(string value) => new(value);

    /// <summary>Whether both are the same text.</summary>
    public bool Equals(TopicFilter? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The filter as text.</summary>
    public override string ToString() => Value;
}
