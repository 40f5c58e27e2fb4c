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

    // Level names by level; null for levels without one, and for filters that are no template.
    private string?[]? Names { get; init; }

    /// <summary>
    /// A filter with named wildcards, for example sensors/{id}/temp, which subscribes to sensors/+/temp and gives delivery["id"]. A name
    /// fills a whole level; {*name} as the last level is # and gives the rest of the topic. + and # may stand besides.
    /// </summary>
    /// <param name="template">Names are not empty and differ.</param>
    /// <exception cref="ArgumentException">A brace stands inside a level, a name is empty or repeated, or the filter is not well formed.</exception>
    public static TopicFilter Template(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        string[] levels = template.Split('/');
        string?[] names = new string?[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            string level = levels[i];
            if (level is ['{', '*', .. { Length: > 0 } rest, '}'] && i == levels.Length - 1)
            {
                (names[i], levels[i]) = (rest, "#");
            }
            else if (level is ['{', .. { Length: > 0 } name, '}'])
            {
                (names[i], levels[i]) = (name, "+");
            }

            if (levels[i].AsSpan().IndexOfAny("{}") >= 0 || names[i]?.AsSpan().IndexOfAny("{}*+#") >= 0)
            {
                throw new ArgumentException($"'{level}' in '{template}' is no level of a template: {{name}} fills a whole one, {{*name}} the last.", nameof(template));
            }

            if (names[i] is { } repeated && Array.IndexOf(names, repeated) < i)
            {
                throw new ArgumentException($"'{template}' names '{repeated}' twice.", nameof(template));
            }
        }

        return new TopicFilter(string.Join('/', levels)) { Names = names };
    }

    /// <summary>The same as the constructor.</summary>
    public static implicit operator TopicFilter(string value) => new(value);

    /// <summary>The same as the constructor.</summary>
    public static TopicFilter FromString(string value) => new(value);

    /// <summary>Whether both are the same text, with the same names.</summary>
    public bool Equals(TopicFilter? other) =>
        other is not null && Value == other.Value && (Names ?? []).AsSpan().SequenceEqual(other.Names ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The filter as text.</summary>
    public override string ToString() => Value;

    /// <summary>What a topic that matches has in the place of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such name.</exception>
    internal string ValueOf(string name, string topic)
    {
        int level = Names is null ? -1 : Array.IndexOf(Names, name);
        if (level < 0)
        {
            string known = string.Join(", ", (Names ?? []).OfType<string>());
            throw new KeyNotFoundException(
                $"The subscription to {Value} has no name '{name}'{(known.Length == 0 ? "; make its filter with TopicFilter.Template" : $", but {known}")}.");
        }

        bool isRest = Value.EndsWith('#') && level == Value.AsSpan().Count('/');

        // Topics have no $share/NAME in front.
        level -= SharedFilter.IsShared(Bytes) ? 2 : 0;

        // The parent of # matches too, and has no such level.
        string[] levels = topic.Split('/', level + 2);
        return level >= levels.Length ? string.Empty : isRest ? string.Join('/', levels[level..]) : levels[level];
    }
}
