namespace Starling.Client;

/// <summary>
/// Handles the messages of a filter; see <see cref="Microsoft.Extensions.DependencyInjection.MqttClientBuilder.AddHandler"/>. Each message has
/// a handler of its own, from a scope of its own.
/// </summary>
/// <typeparam name="T">What payloads are decoded to.</typeparam>
public interface IMqttHandler<T>
{
    /// <summary>
    /// Handles a message, on the thread pool. It is acknowledged when the task is done, unless the options of the subscription say otherwise; an
    /// exception refuses it with 0x80 in 5.0, and is logged. Publishing from here is fine.
    /// </summary>
    /// <param name="delivery">The message.</param>
    /// <param name="ct">Cancelled when the host stops; a message that is broken off stays unacknowledged.</param>
    ValueTask HandleAsync(MqttDelivery<T> delivery, CancellationToken ct);
}
