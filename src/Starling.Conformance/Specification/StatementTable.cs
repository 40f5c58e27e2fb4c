using System.Collections.Frozen;
using Starling.Protocol;

namespace Starling.Conformance.Specification;

/// <summary>Every statement, in the order of the specifications: 5.0, its unlabelled rules, 3.1.1, 3.1.</summary>
internal static class StatementTable
{
    private static readonly (string Resource, string Prefix, string CodePrefix, MqttVersion Version)[] Sources =
    [
        ("normative-5.0.tsv", "MQTT-", "MQTT-", MqttVersion.V5),
        ("normative-5.0-unlabelled.tsv", "U5-", "U5-", MqttVersion.V5),
        ("normative-3.1.1.tsv", "MQTT-", "MQTT311-", MqttVersion.V311),
        ("normative-3.1.tsv", "MQTT31-", "MQTT31-", MqttVersion.V31),
    ];

    public static IReadOnlyList<Statement> All { get; } = [.. Sources.SelectMany(source => Read(source))];

    private static readonly FrozenDictionary<string, Statement> ById = All.ToFrozenDictionary(statement => statement.Id, StringComparer.Ordinal);

    /// <summary>The statement with this id; null when there is none.</summary>
    public static Statement? Find(string id) => ById.GetValueOrDefault(id);

    private static IEnumerable<Statement> Read((string Resource, string Prefix, string CodePrefix, MqttVersion Version) source)
    {
        using Stream stream = typeof(StatementTable).Assembly.GetManifestResourceStream(source.Resource)
            ?? throw new InvalidOperationException($"{source.Resource} is not embedded.");
        using StreamReader reader = new(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            string[] cells = line.Split('\t');
            string id = source.CodePrefix + cells[0][source.Prefix.Length..];
            yield return new Statement(id, source.Version, cells[1], cells[2], cells[3], cells[4], cells[5]);
        }
    }
}
