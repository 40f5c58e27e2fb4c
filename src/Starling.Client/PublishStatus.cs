namespace Starling.Client;

/// <summary>What became of a publish.</summary>
public enum PublishStatus
{
    /// <summary>QoS 0: handed to the connection, in order. Nobody reports what became of it.</summary>
    Written,

    /// <summary>QoS 1 or 2: the server has taken it.</summary>
    Acknowledged,

    /// <summary>The server refused it, or its limits forbid sending it; <see cref="PublishResult.Reason"/> says why.</summary>
    Refused,
}
