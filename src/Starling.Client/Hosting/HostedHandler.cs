using Microsoft.Extensions.DependencyInjection;

namespace Starling.Client.Hosting;

/// <summary>Calls a handler, each message in a scope of its own.</summary>
internal sealed class HostedHandler<THandler, T>(TopicFilter filter, SubscribeOptions? options, ProcessOptions process) : IHostedHandler
    where THandler : class, IMqttHandler<T>
{
    public TopicFilter Filter => filter;

    public Func<CancellationToken, Task> Subscribe(MqttClient client, IServiceScopeFactory scopes)
    {
        MqttSubscription<T> subscription = client.Subscribe<T>(filter, options);
        return stop => subscription.ProcessAsync((delivery, ct) => HandleAsync(scopes, delivery, ct), process, stop);
    }

    private static async ValueTask HandleAsync(IServiceScopeFactory scopes, MqttDelivery<T> delivery, CancellationToken ct)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(delivery, ct).ConfigureAwait(false);
        }
    }
}
