using Starling.Protocol;

namespace Starling.Client;

/// <summary>A subscription whose payloads are read as a type: see <see cref="MqttSubscription"/> for everything else.</summary>
/// <typeparam name="T">What payloads are decoded to, when they are asked for.</typeparam>
public sealed class MqttSubscription<T> : IAsyncEnumerable<MqttDelivery<T>>, IAsyncDisposable
{
    internal MqttSubscription(MqttSubscription untyped) => Untyped = untyped;

    /// <summary>The same without the type, as events name it. Both share the one enumerator.</summary>
    public MqttSubscription Untyped { get; }

    /// <inheritdoc cref="MqttSubscription.Filter"/>
    public TopicFilter Filter => Untyped.Filter;

    /// <inheritdoc cref="MqttSubscription.Ready"/>
    public Task<QualityOfService> Ready => Untyped.Ready;

    /// <inheritdoc cref="MqttSubscription.Dropped"/>
    public long Dropped => Untyped.Dropped;

    /// <inheritdoc cref="MqttSubscription.ReadAsync"/>
    public async ValueTask<MqttDelivery<T>> ReadAsync(CancellationToken ct = default) => Typed(await Untyped.ReadAsync(ct).ConfigureAwait(false));

    /// <inheritdoc cref="MqttSubscription.ProcessAsync"/>
    public Task ProcessAsync(
        Func<MqttDelivery<T>, CancellationToken, ValueTask> handler, ProcessOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Untyped.ProcessAsync((delivery, stop) => handler(Typed(delivery), stop), options, ct);
    }

    /// <inheritdoc cref="MqttSubscription.GetAsyncEnumerator"/>
    public async IAsyncEnumerator<MqttDelivery<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (MqttDelivery delivery in Untyped.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return Typed(delivery);
        }
    }

    /// <inheritdoc cref="MqttSubscription.DisposeAsync"/>
    public ValueTask DisposeAsync() => Untyped.DisposeAsync();

    private static MqttDelivery<T> Typed(MqttDelivery delivery) =>
        delivery as MqttDelivery<T> ?? throw new InvalidOperationException($"The delivery is no {typeof(MqttDelivery<T>)}.");
}
