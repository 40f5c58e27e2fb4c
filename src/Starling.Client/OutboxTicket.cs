namespace Starling.Client;

/// <summary>A message that is in the outbox.</summary>
/// <param name="Id">Its number in the outbox, from 1 upwards; in a file never given out twice.</param>
/// <param name="Completion">
/// Done when the server has acknowledged it; fails as <see cref="IMqttClient.PublishAsync(MqttMessage, CancellationToken)"/> does. Nobody
/// has to look at it. When the client ends before, it fails with <see cref="MqttNotConnectedException"/>, and what is in a file is sent
/// by the next client that opens it.
/// </param>
public sealed record OutboxTicket(ulong Id, Task<PublishResult> Completion);
