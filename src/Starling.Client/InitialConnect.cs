namespace Starling.Client;

/// <summary>What the first connect does when no server can be reached.</summary>
public enum InitialConnect
{
    /// <summary>Throws after each server was tried once, so that a wrong address shows at once.</summary>
    FailFast,

    /// <summary>Tries until it works, with the delays of <see cref="ReconnectOptions"/>.</summary>
    RetryForever,
}
