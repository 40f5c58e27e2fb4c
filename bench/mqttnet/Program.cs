using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using MQTTnet.Server;

// A host for MQTTnet's server, so that bench/peers.sh can start it like a broker: it listens on 127.0.0.1 until SIGTERM or SIGINT.
// Its queues are unbounded, because a comparison counts only when no broker drops anything.
if (args is not [string text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
{
    await Console.Error.WriteLineAsync("usage: MqttNetHost PORT; PORT is 1 to 65535, for example MqttNetHost 1883");
    return 2;
}

using MqttServer server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
    .WithDefaultEndpoint()
    .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
    .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
    .WithDefaultEndpointPort(port)
    .WithMaxPendingMessagesPerClient(int.MaxValue)
    .WithPersistentSessions()
    .Build());
TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await server.StartAsync();
await stopped.Task;
await server.StopAsync();
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.TrySetResult();
}
