using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet.AspNetCore;

namespace Starling.EndToEnd.Tests.Library;

/// <summary>MQTTnet's server behind Kestrel: ws and wss at /mqtt, and at /secret for those who show a token.</summary>
internal sealed class MqttNetWebServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private MqttNetWebServer(WebApplication application) => _application = application;

    public static async Task<MqttNetWebServer> StartAsync(TestAuthority authority)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(authority.Issue()));
        });
        builder.Services.AddHostedMqttServer(options => options.WithoutDefaultEndpoint());
        builder.Services.AddMqttConnectionHandler();
        builder.Services.AddConnections();
        WebApplication application = builder.Build();
        application.Use((context, next) =>
        {
            bool isAllowed = context.Request.Path != "/secret" || context.Request.Headers.Authorization == "Bearer token";
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return isAllowed ? next(context) : Task.CompletedTask;
        });
        foreach (string path in new[] { "/mqtt", "/secret" })
        {
            application.MapConnectionHandler<MqttConnectionHandler>(
                path, options => options.WebSockets.SubProtocolSelector = offered => offered.FirstOrDefault() ?? string.Empty);
        }

        await application.StartAsync(TestContext.Current.CancellationToken);
        return new MqttNetWebServer(application);
    }

    public Uri Address(bool isSecure, string path)
    {
        IServerAddressesFeature? bound = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        string address = bound?.Addresses.Single(one => one.StartsWith(isSecure ? "https:" : "http:", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("The server has no address.");
        return new Uri($"{(isSecure ? "wss" : "ws")}://localhost:{new Uri(address).Port}{path}");
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
