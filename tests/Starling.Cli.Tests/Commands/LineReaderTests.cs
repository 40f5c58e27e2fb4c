using CsCheck;
using Starling.Cli.Commands;

namespace Starling.Cli.Tests.Commands;

public sealed class LineReaderTests
{
    [Fact]
    public void Lines_are_what_stands_between_line_feeds() =>
        Gen.Byte[8, 12].Array[0, 200].Array[0, 20].Sample(static lines =>
        {
            byte[][] expected = [.. lines.Select(static l => l.Select(static b => b == 10 ? (byte)32 : b).ToArray())];
            using MemoryStream input = new([.. expected.SelectMany(static l => l.Append((byte)10))]);
            LineReader reader = new(input);

            foreach (byte[] line in expected)
            {
                Assert.Equal(line, Next(reader));
            }

            Assert.Null(Next(reader));
        });

    [Fact]
    public void Last_line_needs_no_line_feed()
    {
        using MemoryStream input = new("first\nlast"u8.ToArray());
        LineReader reader = new(input);

        Assert.Equal(["first"u8.ToArray(), "last"u8.ToArray(), null], new[] { Next(reader), Next(reader), Next(reader) });
    }

    [Fact]
    public void Line_longer_than_the_buffer_is_read_whole()
    {
        byte[] line = new byte[100_000];
        using MemoryStream input = new([.. line, 10]);

        Assert.Equal(line, Next(new LineReader(input)));
    }

    private static byte[]? Next(LineReader reader) => reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
