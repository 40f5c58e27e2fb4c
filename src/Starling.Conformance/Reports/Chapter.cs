using System.Collections.Frozen;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Reports;

/// <summary>A part of a specification that people look up, such as 3.3 PUBLISH of 5.0.</summary>
/// <param name="Version">Whose specification.</param>
/// <param name="Number">Its first two numbers; empty for rules that have none.</param>
/// <param name="Title">What it is about.</param>
internal sealed record Chapter(MqttVersion Version, string Number, string Title)
{
    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>
    {
        ["1.5"] = "Data representation",
        ["2.1"] = "Packet structure",
        ["2.2"] = "Variable header",
        ["2.3"] = "Variable header",
        ["3.1"] = "CONNECT",
        ["3.2"] = "CONNACK",
        ["3.3"] = "PUBLISH",
        ["3.4"] = "PUBACK",
        ["3.5"] = "PUBREC",
        ["3.6"] = "PUBREL",
        ["3.7"] = "PUBCOMP",
        ["3.8"] = "SUBSCRIBE",
        ["3.9"] = "SUBACK",
        ["3.10"] = "UNSUBSCRIBE",
        ["3.11"] = "UNSUBACK",
        ["3.12"] = "PINGREQ",
        ["3.14"] = "DISCONNECT",
        ["3.15"] = "AUTH",
        ["4.1"] = "Session state",
        ["4.2"] = "Network connections",
        ["4.3"] = "QoS and delivery",
        ["4.4"] = "Delivery retry",
        ["4.5"] = "Message receipt",
        ["4.6"] = "Message ordering",
        ["4.7"] = "Topics and filters",
        ["4.8"] = "Subscriptions",
        ["4.9"] = "Flow control",
        ["4.12"] = "Enhanced authentication",
        ["4.13"] = "Handling errors",
        ["6.0"] = "WebSocket",
        ["7.0"] = "Conformance",
        ["7.1"] = "Conformance targets",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Number and title.</summary>
    public string Name => Number.Length == 0 ? Title : $"{Number} {Title}";

    /// <summary>Version, number and title.</summary>
    public string FullName => $"MQTT {Greeting.NameOf(Version)}, {Name}";

    public static Chapter Of(Statement statement)
    {
        string[] numbers = statement.Section.Split('.');
        if (numbers.Length < 2 || !int.TryParse(numbers[0], out _))
        {
            return new Chapter(statement.Version, "", statement.Version == MqttVersion.V5 ? "Rules without a number" : "Where 3.1 differs");
        }

        string number = $"{numbers[0]}.{numbers[1]}";
        string title = (statement.Version, number) switch
        {
            (MqttVersion.V311, "2.2") => "Fixed header",
            (MqttVersion.V311, "4.8") => "Handling errors",
            _ => Titles.GetValueOrDefault(number, statement.Topic),
        };
        return new Chapter(statement.Version, number, title);
    }
}
