namespace Starling.Cli.Tests;

/// <summary>An output that cannot be written.</summary>
internal sealed class FaultyOutput(Exception fault) : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => throw fault;

    public override void Write(ReadOnlySpan<byte> buffer) => throw fault;
}
