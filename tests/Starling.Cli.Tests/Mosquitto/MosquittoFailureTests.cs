using System.Globalization;
using Starling.Cli.Tests.Commands;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>What can go wrong with a server: both tools end with the same code, and say the same.</summary>
public sealed class MosquittoFailureTests
{
    private static readonly byte[] Accepted311 = [0x20, 2, 0, 0];
    private static readonly byte[] Accepted5 = [0x20, 3, 0, 0, 0];

    // The tool, its words, and what the server answers to each type of packet: "1" is CONNECT. "close" closes the connection.
    public static TheoryData<string, string, string> Failures => new()
    {
        { "pub", "-t a -m b", "1=20020001" },
        { "pub", "-t a -m b", "1=20020002" },
        { "pub", "-t a -m b", "1=20020003" },
        { "pub", "-t a -m b", "1=20020004" },
        { "pub", "-t a -m b -d", "1=20020005" },
        { "pub", "-t a -m b --quiet", "1=20020005" },
        { "pub", "-t a -m b -V 5", "1=2003008400" },
        { "pub", "-t a -m b -V 5 -d", "1=2003008700" },
        { "pub", "-t a -m b -V 5", "1=2003008A00" },
        { "pub", "-t a -m b", "1=close" },
        { "pub", "-t a -m b -q 1", "3=close" },
        { "pub", "-t a -m b -q 1 -V 5 -d", "3=40030001" + "87" },
        { "pub", "-t a -m b -q 1 -V 5", "3=4003000197" },
        { "pub", "-t a -m b -q 1 -V 5", "3=4003000110" },
        { "pub", "-t a -m b -q 1 -V 5", "3=400900018705" + "1F00026E6F" },
        { "pub", "-t a -m b -q 2 -V 5 -d", "3=5003000187" },
        { "pub", "-t a -m b -q 1 -V 5", "1=2005000002" + "2400" },
        { "pub", "-t a -m b -q 1", "1=30030001" + "61" },
        { "sub", "-t a", "1=20020001" },
        { "sub", "-t a", "1=20020005" },
        { "sub", "-t a -d", "1=20020005" },
        { "sub", "-t a -V 5", "1=2003008400" },
        { "sub", "-t a -V 5", "1=2003008800" },
        { "sub", "-t a -W 2", "1=close" },
        { "sub", "-t a -d", "8=9003000180" },
        { "sub", "-t a -t b -d -V 5 -W 1", "8=9005000100" + "8700" },
        { "sub", "-t a -V 5", "8=900400010087" },
        { "sub", "-t a -V 5 --quiet", "8=900400010087" },
        { "rr", "-t a -e r -m x", "1=2003008400" },
        { "rr", "-t a -e r -m x", "1=2003008700" },
        { "rr", "-t a -e r -m x", "1=close" },
        { "rr", "-t a -e r -m x", "8=900400010087" },
        { "rr", "-t a -e r -m x", "8=close" },
        { "pub", "-t a -m b -q 1 -V 5", "3=E0028E00" },
        { "sub", "-t a -V 5 -d", "8=E0028E00" },
        { "rr", "-t a -e r -m x", "8=E0028E00" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task Failure_is_told_as_mosquitto_tells_it(string tool, string words, string answers)
    {
        FlagComparison.SkipWithoutMosquitto(tool);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using TemporaryFolder folder = new();
        FlagRow row = new(tool, "", words);

        (int, string, string) theirs;
        await using (RawServer server = Create(words, answers))
        {
            theirs = await FlagRunner.RunProcessAsync(row, Words(server, words), folder, patience.Token);
        }

        await using RawServer other = Create(words, answers);
        (int, string, string) ours = await FlagRunner.RunHereAsync(row, Words(other, words), folder, patience.Token);

        Assert.Equal(theirs, ours);
    }

    [Fact]
    public async Task Lost_subscriber_comes_back_and_subscribes_again()
    {
        using TemporaryFolder folder = new();
        int connections = 0;
        await using RawServer server = new(first =>
        {
            switch (first >> 4)
            {
                case 1:
                    connections++;
                    return Accepted311;
                case 8 when connections == 1:
                    return null;
                case 8:
                    return [0x90, 3, 0, 2, 0, 0x30, 4, 0, 1, (byte)'a', (byte)'x'];
                default:
                    return [];
            }
        });

        (int code, string output, string error) = await FlagRunner.RunHereAsync(
            new FlagRow("sub", "", ""), Words(server, "-t a -C 1"), folder, TestContext.Current.CancellationToken);

        Assert.Equal((0, "x\n", "", 2), (code, output, error, connections));
    }

    [Fact]
    public async Task Interrupted_subscriber_says_goodbye_and_ends_well()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource interruption = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        List<int> types = [];
        await using RawServer server = new(first =>
        {
            types.Add(first >> 4);
            if (first >> 4 == 8)
            {
                interruption.Cancel();
            }

            return (first >> 4) switch { 1 => Accepted311, 14 => null, _ => [] };
        });

        (int code, string output, string error) = await FlagRunner.RunHereAsync(
            new FlagRow("sub", "", ""), Words(server, "-t a"), folder, interruption.Token);
        await server.DisposeAsync();

        Assert.Equal((0, "", ""), (code, output, error));
        Assert.Equal([1, 8, 14], types);
    }

    private static string[] Words(RawServer server, string words) =>
        ["-p", new Uri(server.Url).Port.ToString(CultureInfo.InvariantCulture), .. words.Split(' ')];

    private static RawServer Create(string words, string answers)
    {
        string[] answer = answers.Split('=');
        int type = int.Parse(answer[0], CultureInfo.InvariantCulture);
        bool isV5 = words.Contains("-V 5", StringComparison.Ordinal) || words.Contains("-e ", StringComparison.Ordinal);
        return new RawServer(first => (first >> 4) switch
        {
            int known when known == type => answer[1] == "close" ? null : Convert.FromHexString(answer[1]),
            1 => isV5 ? Accepted5 : Accepted311,
            14 => null,
            _ => [],
        });
    }
}
