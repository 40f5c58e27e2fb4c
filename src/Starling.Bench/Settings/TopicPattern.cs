using System.Globalization;
using System.Text;

namespace Starling.Bench.Settings;

/// <summary>Topics of a run: <c>%i</c> stands for the number of the client, <c>%c</c> for that of the message.</summary>
internal sealed class TopicPattern(string text)
{
    private const string ClientMark = "%i";
    private const string CounterMark = "%c";

    /// <summary>As it was written.</summary>
    public string Text { get; } = text;

    public bool HasClient => Text.Contains(ClientMark, StringComparison.Ordinal);

    /// <summary>Whether each message has a topic of its own.</summary>
    public bool HasCounter => Text.Contains(CounterMark, StringComparison.Ordinal);

    /// <summary>The topic of a client, in which the number of the message is still open.</summary>
    public TopicPattern For(int client) =>
        new(Text.Replace(ClientMark, client.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>The topic of a message of a client.</summary>
    public byte[] Name(long counter) =>
        Encoding.UTF8.GetBytes(Text.Replace(CounterMark, counter.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>A filter for what this pattern can become: a level with an open mark is a +.</summary>
    public string Filter() => string.Join('/', Text.Split('/').Select(level =>
        level.Contains(ClientMark, StringComparison.Ordinal) || level.Contains(CounterMark, StringComparison.Ordinal) ? "+" : level));
}
