namespace Starling.Protocol.Loops;

/// <summary>Bytes that become output where they are, without a copy. They must not change until each holder has released them.</summary>
public interface IOutputBlock
{
    /// <summary>All bytes of the block; an output is a part of them.</summary>
    ReadOnlySpan<byte> Bytes { get; }

    /// <summary>One output is sent, or will never be. Called on the loop's thread, once for each <see cref="IConnectionOutput.Append"/>.</summary>
    void Release();
}
