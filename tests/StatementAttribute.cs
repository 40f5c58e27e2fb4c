namespace Starling.Testing;

/// <summary>Claims that a test proves a normative statement, by the id that docs/spec gives it.</summary>
/// <param name="id">MQTT-… for 5.0, MQTT311-… for 3.1.1, U5-… for an unlabelled rule of 5.0, MQTT31-… for ours of 3.1.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class StatementAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
