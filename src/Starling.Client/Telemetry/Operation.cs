namespace Starling.Client.Telemetry;

/// <summary>What was done, for attributes of metrics: closed sets, and texts that the application chose.</summary>
/// <param name="Name">publish, subscribe, receive, process or ack.</param>
/// <param name="Type">send, receive, process or settle; null where the conventions have none.</param>
/// <param name="Template">The filter, or what the application says about the topic; null for nothing. Never a concrete topic.</param>
/// <param name="Group">The Share Name; null for none.</param>
internal readonly record struct Operation(string Name, string? Type, string? Template, string? Group);
