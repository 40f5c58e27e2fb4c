using Microsoft.Extensions.DependencyInjection;

namespace Starling.Client.Hosting;

/// <summary>A handler of a host, without its types.</summary>
internal interface IHostedHandler
{
    TopicFilter Filter { get; }

    /// <summary>Subscribes. What it returns handles the messages until it is stopped.</summary>
    /// <exception cref="MqttSerializationException">Nobody reads the type of the handler.</exception>
    Func<CancellationToken, Task> Subscribe(MqttClient client, IServiceScopeFactory scopes);
}
