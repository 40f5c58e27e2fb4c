using System.Text;
using Starling.Server.Logging;

namespace Starling.Server.Tests.Logging;

public sealed class LogQueueTests
{
    [Fact]
    public void Lines_are_written_in_order()
    {
        using StringWriter output = new();
        using (LogQueue queue = new(output, linesMax: 100))
        {
            for (int i = 0; i < 50; i++)
            {
                queue.Add($"{i}");
            }
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(static i => $"{i}\n")), output.ToString());
    }

    [Fact]
    public void Slow_output_holds_back_nobody_and_what_was_dropped_is_counted()
    {
        using SlowWriter output = new();
        LogQueue queue = new(output, linesMax: 2);
        queue.Add("first");
        output.WaitUntilWriting();
        foreach (string line in (string[])["second", "third", "fourth", "fifth"])
        {
            queue.Add(line);
        }

        output.GoOn();
        queue.Dispose();

        Assert.Equal("first\nsecond\nthird\n2 log lines were dropped here: the output was too slow.\n", output.Text);
    }

    [Fact]
    public void Output_that_fails_does_not_reach_the_callers()
    {
        using BrokenWriter output = new();
        using (LogQueue queue = new(output, linesMax: 2))
        {
            queue.Add("first");
            queue.Add("second");
            queue.Add("third");
        }

        Assert.True(output.WasAsked);
    }

    private sealed class SlowWriter : TextWriter
    {
        private readonly StringBuilder _text = new();
        private readonly ManualResetEventSlim _writing = new();
        private readonly ManualResetEventSlim _goOn = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string Text => _text.ToString();

        public void WaitUntilWriting() => Assert.True(_writing.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        public void GoOn() => _goOn.Set();

        public override void Write(StringBuilder? value)
        {
            _writing.Set();
            _goOn.Wait();
            _text.Append(value);
        }

        protected override void Dispose(bool disposing)
        {
            _writing.Dispose();
            _goOn.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class BrokenWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public bool WasAsked { get; private set; }

        public override void Write(StringBuilder? value)
        {
            WasAsked = true;
            throw new IOException("no space left");
        }
    }
}
