using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Starling.Cli.Tests.Commands;

/// <summary>Answers the first packets of one connection with given bytes, then closes it.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public ScriptedServer(params byte[][] answers)
    {
        _listener.Start();
        _serving = ServeAsync(answers);
    }

    /// <summary>Where it listens, as flags.</summary>
    public string[] Address => ["-h", "127.0.0.1", "-p", ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(byte[][] answers)
    {
        using TcpClient connection = await _listener.AcceptTcpClientAsync();
        NetworkStream stream = connection.GetStream();
        foreach (byte[] answer in answers)
        {
            byte[] header = new byte[2];
            await stream.ReadExactlyAsync(header);
            await stream.ReadExactlyAsync(new byte[header[1]]);
            await stream.WriteAsync(answer);
        }
    }
}
