using System.Globalization;
using Starling.Cli.Tests.Mosquitto;

namespace Starling.Cli.Tests.Commands;

/// <summary>Properties of packets that are no message.</summary>
public sealed class PropertyTests(FlagFixture fixture) : IClassFixture<FlagFixture>
{
    // A User Property: unit, celsius.
    private const string Property = "260004756E6974000763656C73697573";

    [Theory]
    [InlineData("sub", "-t", "a", "-E")]
    [InlineData("rr", "-t", "a", "-e", "b", "-m", "x", "-W", "1")]
    public async Task Properties_of_SUBSCRIBE_are_sent(params string[] words)
    {
        using TemporaryFolder folder = fixture.CreateFolder();
        await using RecordingProxy proxy = new(fixture.BrokerPort, ProxyKind.Tcp, folder.Path, null);
        string port = proxy.Port.ToString(CultureInfo.InvariantCulture);

        await CliRun.RunAsync([words[0], "-p", port, .. words[1..], "-D", "subscribe", "user-property", "unit", "celsius"]);
        string seen = await proxy.EndAsync();

        string subscribe = Assert.Single(seen.Split('\n'), static packet => packet.StartsWith("8 82", StringComparison.Ordinal));
        Assert.Contains(Property, subscribe, StringComparison.Ordinal);
    }
}
