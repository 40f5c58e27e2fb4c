using System.Globalization;
using System.Net;
using Starling.Hosting;

namespace Starling.Cli.Tests.Commands;

/// <summary>A broker of ours on a free port, for the tests of one class.</summary>
public sealed class BrokerFixture : IAsyncDisposable
{
    private readonly StarlingBroker _broker = StarlingBroker.Start(new StarlingOptions
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        Durability = Durability.Memory,
        Loops = 2,
        MemoryBudgetBytes = 64 << 20,
    });

    /// <summary>Where it listens, as flags.</summary>
    public string[] Address => ["-h", "127.0.0.1", "-p", _broker.EndPoints[0].Port.ToString(CultureInfo.InvariantCulture)];

    public async ValueTask DisposeAsync() => await _broker.DisposeAsync();
}
