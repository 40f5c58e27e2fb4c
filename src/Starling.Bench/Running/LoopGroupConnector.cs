using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Transports;

namespace Starling.Bench.Running;

/// <summary>Opens connections to one address over TCP.</summary>
internal sealed class LoopGroupConnector(LoopGroup group, IPEndPoint server, BenchRun run, CancellationToken ended) : IConnector
{
    public void Open(int loopIndex, int client) => _ = OpenAsync(loopIndex, client);

    private async Task OpenAsync(int loopIndex, int client)
    {
        try
        {
            ConnectionDetails details = new(server, client.ToString(CultureInfo.InvariantCulture), 0);
            await group.ConnectAsync(loopIndex, server, details, ended).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            run.Fail(new RunFailure(FailureKind.CannotConnect, ReasonCode.UnspecifiedError, e.Message));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over, and nobody waits for this connection.
        }
    }
}
