namespace Starling.Broker.Tests.Behaviour;

/// <summary>A message that a model test has published; the number is its Packet Identifier too.</summary>
internal sealed record ModelMessage(string Publisher, int Number, string Topic, int Qos)
{
    public string Text => $"{Publisher} {Number}";
}
