using System.Buffers.Binary;

namespace Starling.ClientHost;

/// <summary>Counts what a receiver gets, checks that it is complete and in order, and measures the part after the warm-up.</summary>
internal sealed class Counter(int messages)
{
    private readonly TaskCompletionSource<Measured?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Measured.Start? _start;
    private int _next;

    public Task<Measured?> Done => _done.Task;

    /// <summary>Whether the feeder shall be told now how far it is.</summary>
    public bool IsTold => _next % Run.ProgressMessages == 0;

    /// <summary>One message. Returns whether more are to come.</summary>
    public bool Add(ReadOnlySpan<byte> payload)
    {
        int number = BinaryPrimitives.ReadInt32LittleEndian(payload);
        if (number != _next)
        {
            _done.TrySetException(new InvalidDataException($"Message {_next} is missing: {number} came."));
            return false;
        }

        _next++;
        if (_next == Run.Warmup)
        {
            _start = new Measured.Start();
        }

        if (_next < Run.Warmup + messages)
        {
            return true;
        }

        _done.TrySetResult(_start?.End(messages));
        return false;
    }
}
