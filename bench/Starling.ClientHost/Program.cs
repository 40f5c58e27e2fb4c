using System.Globalization;
using Starling.ClientHost;

// One measured run of one client library, in a process of its own, so that processor time and allocations are that library's. What it
// prints last is one line of JSON. A receiver prints "ready" when its subscription stands.
const string Usage =
    "usage: Starling.ClientHost starling|mqttnet publish|receive|feed QOS PORT MESSAGES; QOS is 0 or 1, for example Starling.ClientHost starling publish 1 1883 100000";
if (args is not [string library, string role, "0" or "1", string portText, string messagesText]
    || !int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
    || !int.TryParse(messagesText, NumberStyles.None, CultureInfo.InvariantCulture, out int messages)
    || messages < 1)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

Run run = new(args[2] == "1", port, messages);
Task<Measured?>? running = (library, role) switch
{
    ("starling", "publish") => StarlingRuns.PublishAsync(run),
    ("starling", "receive") => StarlingRuns.ReceiveAsync(run),
    ("starling", "feed") => StarlingRuns.FeedAsync(run),
    ("mqttnet", "publish") => MqttNetRuns.PublishAsync(run),
    ("mqttnet", "receive") => MqttNetRuns.ReceiveAsync(run),
    _ => null,
};
if (running is null)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

if (await running is Measured measured)
{
    Console.WriteLine(measured.ToJson());
}

return 0;
