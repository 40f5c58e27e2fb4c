namespace Starling.Conformance.Tests.Scripted;

/// <summary>What is published when a connection fails.</summary>
internal sealed record ScriptedWill(string Topic, byte[] Payload, int Qos, bool Retain, PropertyList Properties);
