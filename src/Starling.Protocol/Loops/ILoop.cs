namespace Starling.Protocol.Loops;

/// <summary>What an event loop offers to the client that it drives.</summary>
public interface ILoop
{
    /// <summary>The number of this loop in its group, from 0.</summary>
    int Index { get; }

    /// <summary>The buffers of this loop; touched on the loop's thread only.</summary>
    BufferPool Buffers { get; }

    /// <summary>
    /// Makes the loop call <see cref="ILoopClient.ReadMailboxes"/> soon. Callable from any thread; costs a system call only when
    /// the loop sleeps. The caller must have published its letter before: the loop looks at
    /// <see cref="ILoopClient.HasMail"/> after it has announced its sleep.
    /// </summary>
    void Wake();

    /// <summary>Whether the caller runs on this loop's thread; continuations assert it.</summary>
    bool IsCurrent { get; }

    /// <summary>Begins output that several connections of this loop have in common. Called on the loop's thread.</summary>
    ISharedOutput OpenSharedOutput();

    /// <summary>
    /// Sends now if a shared output is full, or many are open, and ends them all. To be called when a message stands in every output that it goes to,
    /// so that what a connection has pending is either little or what its peer does not take.
    /// </summary>
    void SendFullOutputs();
}
