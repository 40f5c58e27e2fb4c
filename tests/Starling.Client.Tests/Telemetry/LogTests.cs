using System.Reflection;
using Microsoft.Extensions.Logging;
using Starling.Client.Core;

namespace Starling.Client.Tests.Telemetry;

public sealed class LogTests
{
    [Fact]
    public void No_event_has_the_number_of_another()
    {
        int[] numbers =
        [
            .. typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(static message => message.EventId),
        ];

        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct().Order(), numbers.Order());
    }

    [Fact]
    public void A_secret_in_the_path_or_query_of_an_address_is_not_logged()
    {
        Lines log = new();
        using ScriptedTransport transport = new();
        transport.Server.ConnAcks.Enqueue("20 03 00 89 00");
        MqttClient client = transport.Connected(options =>
        {
            options.Servers.Clear();
            options.Servers.Add(new Uri("ws://server/secret?token=secret"));
            options.LoggerFactory = log;
            options.InitialConnect = InitialConnect.RetryForever;
        });

        transport.Pump(client.DisconnectAsync().AsTask());

        Assert.Equal(3, log.Written.Count(static line => line.Contains("ws://server:80", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Written, static line => line.Contains("secret", StringComparison.Ordinal));
    }
}
