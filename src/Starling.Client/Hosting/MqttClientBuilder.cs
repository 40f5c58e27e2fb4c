using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Starling.Client;
using Starling.Client.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to a client what belongs to it.</summary>
public sealed class MqttClientBuilder
{
    private readonly string? _key;
    private readonly HostedClientParts _parts;

    internal MqttClientBuilder(IServiceCollection services, string? key, HostedClientParts parts)
    {
        Services = services;
        _key = key;
        _parts = parts;
    }

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Payloads of the types that the context lists are JSON.</summary>
    /// <param name="context">As a rule the static Default of a class of yours that derives from <see cref="JsonSerializerContext"/>.</param>
    public MqttClientBuilder AddJson(JsonSerializerContext context) => AddSerializer(MqttJson.For(context));

    /// <summary>Adds a serializer of yours.</summary>
    public MqttClientBuilder AddSerializer(IMqttSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _parts.Serializers.Add(serializer);
        return this;
    }

    /// <summary>
    /// Subscribes to a filter before the client connects, so that what waits in its session is not lost, and calls a handler for each message.
    /// The handler comes from a scope of its own, and is registered as scoped if it is not yet.
    /// </summary>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <typeparam name="T">What payloads are decoded to.</typeparam>
    /// <param name="filter">Which messages; with <see cref="TopicFilter.Template"/> the delivery has the values of its names.</param>
    /// <param name="options">How to subscribe; null for the defaults.</param>
    /// <param name="process">How many at a time, and what becomes of messages whose handler throws; null: one after the other.</param>
    public MqttClientBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler, T>(
        TopicFilter filter, SubscribeOptions? options = null, ProcessOptions? process = null)
        where THandler : class, IMqttHandler<T>
    {
        ArgumentNullException.ThrowIfNull(filter);
        Services.TryAddScoped<THandler>();
        _parts.Handlers.Add(new HostedHandler<THandler, T>(filter, options, (process ?? new ProcessOptions()).Checked()));
        return this;
    }

    /// <summary>
    /// Adds a health check: healthy while connected, degraded while connecting, unhealthy when the client has given up or a handler's subscription
    /// was refused.
    /// </summary>
    /// <param name="name">Its name; null: mqtt, or mqtt-KEY.</param>
    /// <param name="tags">Its tags; null for none.</param>
    public MqttClientBuilder AddHealthCheck(string? name = null, IEnumerable<string>? tags = null)
    {
        string checkName = name ?? (_key is null ? "mqtt" : $"mqtt-{_key}");
        string? key = _key;
        HostedClientParts parts = _parts;
        Services.AddHealthChecks().Add(new HealthCheckRegistration(
            checkName, provider => new ConnectionHealthCheck(provider.GetRequiredKeyedService<MqttClient>(key), parts), failureStatus: null, tags));
        return this;
    }
}
