using Starling.Client;
using Starling.EndToEnd.Tests.Processes;
using Starling.Protocol;

namespace Starling.EndToEnd.Tests.Library;

/// <summary>The client library over WebSocket, against MQTTnet's server on ASP.NET Core.</summary>
public sealed class MqttNetWebSocketTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory, InlineData(false, MqttVersion.V5), InlineData(true, MqttVersion.V5), InlineData(false, MqttVersion.V311), InlineData(true, MqttVersion.V311)]
    public async Task Messages_pass(bool isSecure, MqttVersion version)
    {
        using CancellationTokenSource patience = Patience.Start();
        await using MqttNetWebServer server = await MqttNetWebServer.StartAsync(_authority);

        // Without a path: /mqtt is meant.
        MqttClientOptions options = Options(server.Address(isSecure, string.Empty));
        options.Version = version;

        await RoundTrip.AssertAsync(options, patience.Token);
    }

    [Fact]
    public async Task A_refusal_by_HTTP_is_told_and_a_header_opens_the_door()
    {
        using CancellationTokenSource patience = Patience.Start();
        await using MqttNetWebServer server = await MqttNetWebServer.StartAsync(_authority);
        MqttClientOptions options = Options(server.Address(isSecure: true, "/secret"));

        MqttConnectException fault = await RoundTrip.FailAsync(options);

        Assert.Equal(ConnectStage.WebSocket, fault.Stage);
        Assert.Contains("403 Forbidden instead of 101", fault.Message, StringComparison.Ordinal);
        options.WebSocketRequest = request =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer token");
            return ValueTask.CompletedTask;
        };
        await RoundTrip.AssertAsync(options, patience.Token);
    }

    [Fact]
    public async Task A_path_without_MQTT_is_told()
    {
        await using MqttNetWebServer server = await MqttNetWebServer.StartAsync(_authority);

        MqttConnectException fault = await RoundTrip.FailAsync(Options(server.Address(isSecure: false, "/other")));

        Assert.Contains("404 Not Found instead of 101", fault.Message, StringComparison.Ordinal);
    }

    private MqttClientOptions Options(Uri server)
    {
        MqttClientOptions options = new();
        options.Servers.Add(server);
        options.Tls.CaFile = _authority.RootFile;
        return options;
    }
}
