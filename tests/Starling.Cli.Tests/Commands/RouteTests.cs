using System.Globalization;
using Starling.Cli.Tests.Mosquitto;

namespace Starling.Cli.Tests.Commands;

/// <summary>The ways to a server that pub, sub and rr know besides TCP.</summary>
public sealed class RouteTests(FlagFixture fixture) : IClassFixture<FlagFixture>
{
    [Fact]
    public async Task Message_goes_over_TLS_with_a_client_certificate()
    {
        using TemporaryFolder folder = fixture.CreateFolder();
        await using RecordingProxy proxy = new(fixture.BrokerPort, ProxyKind.Tls, folder.Path, fixture.Certificate);
        string[] secure =
        [
            "-p", proxy.Port.ToString(CultureInfo.InvariantCulture), "--cafile", folder.File("ca.pem"), "--cert", folder.File("client.pem"),
            "--key", folder.File("client.key"), "--tls-alpn", "mqtt",
        ];

        CliRun published = await CliRun.RunAsync(["pub", .. secure, "-t", "route/tls", "-m", "secret", "-r", "-q", "1"]);
        CliRun received = await CliRun.RunAsync(["sub", .. secure, "-t", "route/tls", "-C", "1", "-W", "30"]);

        Assert.Equal((0, ""), (published.Code, published.Error));
        Assert.Equal((0, "secret\n", ""), (received.Code, received.Output, received.Error));
        string seen = await proxy.EndAsync();
        Assert.Contains("client certificate CN=the client", seen, StringComparison.Ordinal);
        Assert.Contains(" mqtt", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other.pem", "localhost")]
    [InlineData("ca.pem", "127.0.0.1")]
    public async Task Certificate_that_is_not_trusted_is_8(string authority, string host)
    {
        using TemporaryFolder folder = fixture.CreateFolder();
        await using RecordingProxy proxy = new(fixture.BrokerPort, ProxyKind.Tls, folder.Path, fixture.Certificate);

        CliRun run = await CliRun.RunAsync(
            "pub", "-h", host, "-p", proxy.Port.ToString(CultureInfo.InvariantCulture), "--cafile", folder.File(authority), "-t", "a", "-m", "b");

        Assert.Equal(8, run.Code);
        Assert.StartsWith("starling: TLS with ", Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_for_another_name_is_taken_when_asked_for()
    {
        using TemporaryFolder folder = fixture.CreateFolder();
        await using RecordingProxy proxy = new(fixture.BrokerPort, ProxyKind.Tls, folder.Path, fixture.Certificate);

        CliRun run = await CliRun.RunAsync(
            "pub", "-h", "127.0.0.1", "-p", proxy.Port.ToString(CultureInfo.InvariantCulture), "--capath", folder.File("authorities"), "--insecure",
            "-t", "a", "-m", "b", "-q", "1");

        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task Message_goes_over_a_Unix_socket()
    {
        using TemporaryFolder folder = fixture.CreateFolder();
        await using RecordingProxy proxy = new(fixture.BrokerPort, ProxyKind.Unix, folder.Path, fixture.Certificate);

        CliRun run = await CliRun.RunAsync("pub", "--unix", proxy.UnixPath, "-t", "route/unix", "-m", "b", "-q", "1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("3 32", await proxy.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_speaks_no_WebSocket_is_4()
    {
        CliRun run = await CliRun.RunAsync(
            "pub", "--ws", "-p", fixture.BrokerPort.ToString(CultureInfo.InvariantCulture), "-t", "a", "-m", "b");

        Assert.Equal(4, run.Code);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }
}
