using Starling.Client;

namespace Starling.Cli.Recordings;

/// <summary>One message of a recording.</summary>
/// <param name="Time">When it came, from the begin of the recording.</param>
/// <param name="Message">What came.</param>
internal sealed record RecordedMessage(TimeSpan Time, MqttMessage Message);
