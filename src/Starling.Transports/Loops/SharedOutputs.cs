namespace Starling.Transports.Loops;

/// <summary>The shared outputs of one loop. One that was closed is used again in a later iteration only, when nobody knows of it any more.</summary>
internal sealed class SharedOutputs(EventLoop loop)
{
    /// <summary>Each holds a buffer, so not every message may have one of its own.</summary>
    private const int OpenMax = 64;

    private readonly List<SharedOutput> _open = [];
    private readonly List<SharedOutput> _closed = [];
    private readonly Stack<SharedOutput> _unused = new();

    public bool IsAnyFull { get; set; }

    public SharedOutput Open()
    {
        if (!_unused.TryPop(out SharedOutput? output))
        {
            output = new SharedOutput(loop);
        }

        output.Open();
        _open.Add(output);
        return output;
    }

    public void SendFull()
    {
        if (IsAnyFull || _open.Count > OpenMax)
        {
            loop.Flusher.FlushAll();
        }
    }

    /// <summary>Every connection has sent its part, or copied it.</summary>
    public void Close()
    {
        foreach (SharedOutput output in _open)
        {
            output.Close();
            _closed.Add(output);
        }

        _open.Clear();
        IsAnyFull = false;
    }

    /// <summary>The iteration is over.</summary>
    public void Recycle()
    {
        foreach (SharedOutput output in _closed)
        {
            _unused.Push(output);
        }

        _closed.Clear();
    }
}
