using System.Net.Sockets;
using Starling.Transports;

namespace Starling.Client.Core;

/// <summary>Says in one line why an attempt failed, and at which stage.</summary>
internal sealed class ConnectFaults(ITransportConnector connector, TimeSpan connectTimeout)
{
    private readonly IStagedConnector? _staged = connector as IStagedConnector;

    /// <summary>How far opening the transport has come.</summary>
    public ConnectStage Stage => _staged?.Stage ?? ConnectStage.Tcp;

    /// <summary>What the fault of an attempt means.</summary>
    /// <param name="server">The server.</param>
    /// <param name="stage">How far the attempt has come.</param>
    /// <param name="fault">Anything but an <see cref="MqttException"/> that says enough itself.</param>
    public MqttConnectException Explain(Uri server, ConnectStage stage, Exception fault)
    {
        string where = ServerScheme.Describe(server);
        if (fault is MqttDisconnectedException && _staged?.Fault is { } below)
        {
            // A server may refuse the client certificate only when the connection seems to stand.
            (stage, fault) = (NetworkConnector.StageOf(below.Stage), below);
        }

        return fault switch
        {
            TransportException => new MqttConnectException(stage, $"{(stage == ConnectStage.Tls ? "TLS" : stage.ToString())} with {where} failed: {fault.Message.TrimEnd('.')}.", fault),
            SocketException { SocketErrorCode: SocketError.TimedOut } or OperationCanceledException => new MqttConnectException(
                stage, $"{where} did not answer within {connectTimeout.TotalSeconds:0.###} s (stage {stage}).", fault),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new MqttConnectException(
                ConnectStage.Dns, $"The name {server.Host} is not known: {fault.Message}", fault),
            MqttDisconnectedException => new MqttConnectException(
                stage, $"{where} closed the connection instead of answering CONNECT.", fault),
            _ => new MqttConnectException(stage, $"{where} cannot be reached: {fault.Message}", fault),
        };
    }
}
