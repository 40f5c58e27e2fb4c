using System.Net;
using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;
using Starling.Transports;

namespace Starling.Client.Core;

/// <summary>Plain TCP on one event loop.</summary>
internal sealed class TcpConnector(TimeSpan connectTimeout, TimeProvider time, ILoggerFactory? loggers) : ITransportConnector
{
    private const long BudgetBytes = 1L << 30;
    private const int DefaultPort = 1883;

    private LoopGroup? _loops;

    public void Start(ILoopClient client) => _loops = LoopGroup.Start(
        new LoopGroupOptions
        {
            Loops = 1,
            Budget = new MemoryBudget(BudgetBytes),
            Time = time,
            Loggers = loggers,
            ThreadNamePrefix = "starling-client-",
            ConnectTimeout = connectTimeout,
        },
        _ => client);

    public ValueTask ConnectAsync(Uri server, CancellationToken ct)
    {
        LoopGroup loops = _loops ?? throw new InvalidOperationException("Not started.");
        int port = server.Port > 0 ? server.Port : DefaultPort;
        EndPoint endPoint = IPAddress.TryParse(server.DnsSafeHost, out IPAddress? address)
            ? new IPEndPoint(address, port)
            : new DnsEndPoint(server.DnsSafeHost, port);
        return loops.ConnectAsync(0, endPoint, default, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loops is { } loops)
        {
            await loops.DisposeAsync().ConfigureAwait(false);
        }
    }
}
