using System.Threading.Channels;
using Starling.Conformance.Targets;

namespace Starling.Conformance.Tests.Suite;

/// <summary>Answers what it is sent as it is told, in real time but without patience; null closes the connection.</summary>
internal sealed class AnsweringTarget(Func<byte[], byte[]?> answer) : ITarget
{
    private int _open;

    /// <summary>Connections that nobody has disposed.</summary>
    public int Open => Volatile.Read(ref _open);

    public string Name => "answering";

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(0);

    public TimeSpan Earliness => TimeSpan.Zero;

    public TimeSpan Lateness => TimeSpan.FromSeconds(1);

    public TimeSpan Quiet { get; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(100);

    public bool IsConcurrent => true;

    public ValueTask<IByteStream> OpenAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _open);
        return ValueTask.FromResult<IByteStream>(new AnsweringStream(answer, () => Interlocked.Decrement(ref _open)));
    }

    /// <summary>Is over at once: no test with this target is about time.</summary>
    public ValueTask DelayAsync(TimeSpan time, CancellationToken cancellation) => ValueTask.CompletedTask;

    private sealed class AnsweringStream(Func<byte[], byte[]?> answer, Action disposed) : IByteStream
    {
        private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();
        private int _disposals;

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            byte[]? answered = answer(bytes.ToArray());
            bool isOpen = answered is { Length: 0 } || (answered is not null && _answers.Writer.TryWrite(answered));
            _ = isOpen || _answers.Writer.TryComplete();
            return ValueTask.FromResult(isOpen);
        }

        public async ValueTask<int> ReceiveAsync(Memory<byte> destination, TimeSpan limit, CancellationToken cancellation)
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(limit);
            try
            {
                byte[] bytes = await _answers.Reader.ReadAsync(patience.Token);
                bytes.CopyTo(destination);
                return bytes.Length;
            }
            catch (ChannelClosedException)
            {
                return 0;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return -1;
            }
        }

        public void Abort() => _answers.Writer.TryComplete();

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Increment(ref _disposals) == 1)
            {
                disposed();
            }

            return ValueTask.CompletedTask;
        }
    }
}
