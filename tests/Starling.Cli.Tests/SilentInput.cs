namespace Starling.Cli.Tests;

/// <summary>A terminal at which nobody types: a read of it never ends, whatever is cancelled.</summary>
internal sealed class SilentInput : MemoryStream
{
    private readonly TaskCompletionSource<int> _never = new();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_never.Task);
}
