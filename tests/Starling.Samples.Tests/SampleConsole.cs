using System.Threading.Channels;

namespace Starling.Samples.Tests;

/// <summary>What samples write to. After enough lines it ends the sample by an exception, as a user would by Ctrl+C.</summary>
internal sealed class SampleConsole
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public bool IsEnough { get; set; }

    public void WriteLine(string line)
    {
        _lines.Writer.TryWrite(line);
        if (IsEnough)
        {
            throw new EnoughException();
        }
    }

    public async Task<string> NextAsync() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
        .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
