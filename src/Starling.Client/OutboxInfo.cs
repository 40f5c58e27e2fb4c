namespace Starling.Client;

/// <summary>What is in the outbox at a moment, and what became of messages that an earlier process left in its file.</summary>
/// <param name="Messages">Not acknowledged yet.</param>
/// <param name="Bytes">Their topics, payloads and properties.</param>
/// <param name="Restored">Found in the file when it was opened.</param>
/// <param name="RestoredAcknowledged">Of those: acknowledged by the server since.</param>
/// <param name="RestoredFailed">
/// Of those: refused, expired or of unknown outcome; each was told by <see cref="IMqttClient.MessageDropped"/>.
/// </param>
public sealed record OutboxInfo(long Messages, long Bytes, long Restored, long RestoredAcknowledged, long RestoredFailed);
