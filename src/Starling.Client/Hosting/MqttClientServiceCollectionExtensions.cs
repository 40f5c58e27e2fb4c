using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Starling.Client;
using Starling.Client.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds MQTT clients to a host. Each connects when the host starts, keeps connected, and is disposed with the container.</summary>
public static class MqttClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IMqttClient"/>, told by the configuration: the connection string of this name is an address as
    /// <see cref="MqttClientOptions.Parse"/> reads it, and the section of this name has the same keys, which come second, besides Uri (in place
    /// of a connection string), UserName and Password. The client tries for ever to connect, so the host starts while the server is away.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="connectionName">ConnectionStrings:mqtt and the section Mqtt by default.</param>
    public static MqttClientBuilder AddMqttClient(this IServiceCollection services, string connectionName = "mqtt") =>
        Add(services, null, provider => ConfiguredOptions.Read(provider.GetRequiredService<IConfiguration>(), connectionName), configure: null);

    /// <summary>As <see cref="AddMqttClient(IServiceCollection, string)"/>, but the program has the last word.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="connectionName">The name of the connection string, and of the section.</param>
    /// <param name="configure">Changes what was read from the configuration.</param>
    public static MqttClientBuilder AddMqttClient(this IServiceCollection services, string connectionName, Action<MqttClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, provider => ConfiguredOptions.Read(provider.GetRequiredService<IConfiguration>(), connectionName), configure);
    }

    /// <summary>Adds <see cref="IMqttClient"/>, told by the program. It tries for ever to connect, unless it is told otherwise.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets Servers, at least.</param>
    public static MqttClientBuilder AddMqttClient(this IServiceCollection services, Action<MqttClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, static _ => new MqttClientOptions(), configure);
    }

    /// <summary>Adds a client among several, for those who ask with this key: <c>[FromKeyedServices("key")] IMqttClient client</c>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="key">The key.</param>
    /// <param name="configure">Sets Servers, at least.</param>
    public static MqttClientBuilder AddKeyedMqttClient(this IServiceCollection services, string key, Action<MqttClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, static _ => new MqttClientOptions(), configure);
    }

    /// <summary>Adds a client among several, told by the configuration as <see cref="AddMqttClient(IServiceCollection, string)"/> says.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="key">The key.</param>
    /// <param name="connectionName">The name of the connection string, and of the section.</param>
    /// <param name="configure">Has the last word; null for nobody.</param>
    public static MqttClientBuilder AddKeyedMqttClient(
        this IServiceCollection services, string key, string connectionName, Action<MqttClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add(services, key, provider => ConfiguredOptions.Read(provider.GetRequiredService<IConfiguration>(), connectionName), configure);
    }

    private static MqttClientBuilder Add(
        IServiceCollection services, string? key, Func<IServiceProvider, MqttClientOptions> begin, Action<MqttClientOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(MqttClient) && Equals(service.ServiceKey, key)))
        {
            throw new InvalidOperationException(key is null
                ? "There is an MQTT client already; give the other ones keys with AddKeyedMqttClient."
                : $"There is an MQTT client with the key '{key}' already.");
        }

        HostedClientParts parts = new() { Begin = begin, Configure = configure };
        services.AddKeyedSingleton(key, (provider, _) => parts.CreateClient(provider));
        services.AddKeyedSingleton<IMqttClient>(key, (provider, _) => provider.GetRequiredKeyedService<MqttClient>(key));
        services.AddSingleton<IHostedService>(provider => new HostedClient(
            provider.GetRequiredKeyedService<MqttClient>(key),
            parts,
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetService<ILogger<MqttClient>>() ?? Logging.Abstractions.NullLogger<MqttClient>.Instance));
        return new MqttClientBuilder(services, key, parts);
    }
}
