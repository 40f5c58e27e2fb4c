namespace Starling.Broker.Ports;

/// <summary>Takes the result of a request that could not be answered at once.</summary>
/// <typeparam name="T">The result.</typeparam>
public interface ICompletion<in T>
{
    /// <summary>Gives the result, once. Callable from any thread; the shard that asked handles it on its own loop.</summary>
    void Complete(T result);
}
