using System.Globalization;
using System.Text;

namespace Starling.Server.Logging;

/// <summary>
/// Lines on their way to the log. Adding one never waits for the output: a bounded queue and a thread of its own stand between. What
/// does not fit is counted, and the count is written when there is room again.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly TextWriter _output;
    private readonly int _linesMax;
    private readonly Thread _thread;
    private List<string> _pending = [];
    private long _dropped;
    private bool _ended;

    /// <summary>Starts the thread.</summary>
    /// <param name="output">Where the lines go; not closed by this object.</param>
    /// <param name="linesMax">The most lines that wait.</param>
    public LogQueue(TextWriter output, int linesMax)
    {
        _output = output;
        _linesMax = linesMax;
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Adds a line, or counts it as dropped. Callable from any thread.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            if (_pending.Count >= _linesMax || _ended)
            {
                _dropped++;
                return;
            }

            _pending.Add(line);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what waits, then ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void WriteAll()
    {
        List<string> writing = [];
        while (true)
        {
            long dropped;
            bool ended;
            lock (_gate)
            {
                while (_pending.Count == 0 && !_ended)
                {
                    Monitor.Wait(_gate);
                }

                (writing, _pending) = (_pending, writing);
                (dropped, _dropped) = (_dropped, 0);
                ended = _ended;
            }

            if (!TryWrite(writing, dropped) || ended)
            {
                return;
            }

            writing.Clear();
        }
    }

    // A log that cannot be written (its reader is gone, its disk is full) must not end the broker.
    private bool TryWrite(List<string> lines, long dropped)
    {
        StringBuilder batch = new();
        foreach (string line in lines)
        {
            batch.Append(line).Append('\n');
        }

        if (dropped > 0)
        {
            batch.Append(CultureInfo.InvariantCulture, $"{dropped} log lines were dropped here: the output was too slow.\n");
        }

        try
        {
            _output.Write(batch);
            _output.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
