namespace Starling.Transports.Loops;

/// <summary>The shared outputs of one loop. One that was closed is used again in a later iteration only, when nobody knows of it any more.</summary>
internal sealed class SharedOutputs(EventLoop loop)
{
    private readonly List<SharedOutput> _open = [];
    private readonly List<SharedOutput> _closed = [];
    private readonly Stack<SharedOutput> _unused = new();

    public SharedOutput Open()
    {
        if (_open.Exists(static output => output.IsFull))
        {
            loop.Flusher.FlushAll();
        }

        if (!_unused.TryPop(out SharedOutput? output))
        {
            output = new SharedOutput(loop);
        }

        output.Open();
        _open.Add(output);
        return output;
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
