namespace Starling.Server.Control;

/// <summary>A broker did not do what it was asked for through its control socket; the message is one line for a person.</summary>
/// <param name="failure">What kind of obstacle it was.</param>
/// <param name="message">One line for a person.</param>
/// <param name="cause">The fault underneath; null when there is none.</param>
public sealed class ControlException(ControlFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of obstacle it was.</summary>
    public ControlFailure Failure { get; } = failure;
}
