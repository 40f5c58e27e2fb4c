namespace Starling.Hosting;

/// <summary>The broker could not be started; the message is one line that says what to do.</summary>
/// <param name="failure">What kind of obstacle it was.</param>
/// <param name="message">One line for a person.</param>
/// <param name="cause">The fault underneath; null when there is none.</param>
public sealed class StarlingStartException(StartFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of obstacle it was.</summary>
    public StartFailure Failure { get; } = failure;
}
