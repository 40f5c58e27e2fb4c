using Starling.Conformance.Targets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>A scripted server as a target: in memory, in virtual time, everything done before a call returns.</summary>
internal sealed class ScriptedTarget(Fault fault) : ITarget
{
    private readonly ScriptedServer _server = new(fault);

    public string Name => $"scripted server with {fault}";

    public TimeSpan Now => _server.Clock.Now;

    public TimeSpan Earliness => TimeSpan.Zero;

    public TimeSpan Lateness { get; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Quiet { get; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    public bool IsConcurrent => false;

    public ValueTask<IByteStream> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IByteStream>(new ScriptedStream(_server.Clock, new ScriptedConnection(_server)));
    }

    public ValueTask DelayAsync(TimeSpan time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TimeSpan until = Now + time;
        while (_server.Clock.GoOn(until))
        {
        }

        return ValueTask.CompletedTask;
    }
}
