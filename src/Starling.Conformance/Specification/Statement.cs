using Starling.Protocol;

namespace Starling.Conformance.Specification;

/// <summary>One normative statement, as docs/spec has it.</summary>
/// <param name="Id">As code cites it: MQTT-… for 5.0, U5-… for its unlabelled rules, MQTT311-… for 3.1.1, MQTT31-… for 3.1.</param>
/// <param name="Version">The version whose specification has it.</param>
/// <param name="Binds">client, server, both, sender or receiver.</param>
/// <param name="Topic">What it is about, in a few words.</param>
/// <param name="Rule">The rule, in our own words.</param>
/// <param name="Testable">Whether it can be tested from outside a server: yes, partly or no.</param>
/// <param name="How">How one can see whether it is kept.</param>
internal sealed record Statement(string Id, MqttVersion Version, string Binds, string Topic, string Rule, string Testable, string How)
{
    /// <summary>The chapter of the specification, such as 3.3.1; for a rule that has no number, what it is about.</summary>
    public string Section { get; } = SectionOf(Id) ?? Topic;

    /// <summary>Whether a section that a person asked for, such as 3.3, has this statement: itself or one below it.</summary>
    public bool IsIn(string section) =>
        Section.Equals(section, StringComparison.OrdinalIgnoreCase) || Section.StartsWith(section + ".", StringComparison.Ordinal);

    private static string? SectionOf(string id)
    {
        string[] parts = id.Split('-');
        return parts.Length == 3 ? parts[1] : null;
    }
}
