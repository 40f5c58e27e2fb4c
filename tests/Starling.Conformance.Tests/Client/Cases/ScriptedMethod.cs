using Starling.Client;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>A method of enhanced authentication that says the same every time.</summary>
internal sealed class ScriptedMethod(string method) : IEnhancedAuthentication
{
    public string Method => method;

    /// <summary>What it says first.</summary>
    public byte[] First { get; init; } = [1];

    /// <summary>What it answers a challenge with.</summary>
    public byte[] Answer { get; init; } = [2];

    public ValueTask<ReadOnlyMemory<byte>> StartAsync(CancellationToken ct) => ValueTask.FromResult<ReadOnlyMemory<byte>>(First);

    public ValueTask<ReadOnlyMemory<byte>> ContinueAsync(ReadOnlyMemory<byte> challenge, CancellationToken ct) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(Answer);
}
