using System.Net;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Starling.Client;
using Starling.EndToEnd.Tests.Brokers;

namespace Starling.EndToEnd.Tests.ClientLibrary;

/// <summary>A running server of one kind.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    /// <summary>A filter that MQTTnet's server is told to refuse.</summary>
    public const string RefusedFilter = "refused/#";

    private BrokerProcess? _process;
    private MqttServer? _server;

    public int Port { get; private set; }

    public static async Task<PeerServer> StartAsync(Peer peer)
    {
        PeerServer started = new();
        if (peer == Peer.MqttNet)
        {
            started.Port = BrokerProcess.FreePort();
            started._server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
                .WithDefaultEndpoint()
                .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
                .WithDefaultEndpointPort(started.Port)
                .WithMaxPendingMessagesPerClient(int.MaxValue)
                .WithPersistentSessions()
                .Build());
            started._server.InterceptingSubscriptionAsync += static arguments =>
            {
                if (arguments.TopicFilter.Topic == RefusedFilter)
                {
                    arguments.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
                    arguments.ProcessSubscription = false;
                }

                return Task.CompletedTask;
            };
            await started._server.StartAsync();
        }
        else
        {
            started._process = await BrokerProcess.StartAsync(BrokerSettings.Default, peer == Peer.Mosquitto ? BrokerKind.Mosquitto : BrokerKind.Starling);
            started.Port = started._process.Port;
        }

        return started;
    }

    /// <summary>A client that is connected.</summary>
    public async Task<MqttClient> ConnectAsync(string clientId, Action<MqttClientOptions>? configure = null)
    {
        MqttClientOptions options = MqttClientOptions.Parse($"mqtt://127.0.0.1:{Port}?clientId={clientId}");
        configure?.Invoke(options);
        return await MqttClient.ConnectAsync(options, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        if (_server is { } server)
        {
            await server.StopAsync();
            server.Dispose();
        }
    }
}
