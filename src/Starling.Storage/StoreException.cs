namespace Starling.Storage;

/// <summary>A data directory cannot be used. The message is one line: what, which file and offset, what to do.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">One line for people.</param>
/// <param name="cause">What came from the operating system; null when there is nothing.</param>
public sealed class StoreException(StoreFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why.</summary>
    public StoreFailure Failure { get; } = failure;
}
