namespace Starling.Client;

/// <summary>The state of the connection changed.</summary>
/// <param name="State">The new state.</param>
/// <param name="SessionPresent">Whether the server continued the session; meaningful when Connected.</param>
/// <param name="NextAttempt">How long until the next attempt; null when there is none.</param>
/// <param name="Cause">Why; null when the client did what it was told.</param>
public sealed record ConnectionEvent(ConnectionState State, bool SessionPresent, TimeSpan? NextAttempt, MqttException? Cause);
