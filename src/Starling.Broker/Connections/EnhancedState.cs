using Starling.Broker.Ports;

namespace Starling.Broker.Connections;

/// <summary>Enhanced authentication on one connection: the method named by CONNECT, and the exchange that is going on.</summary>
internal sealed class EnhancedState(byte[] method, AuthenticationRequest request)
{
    public byte[] Method { get; } = method;

    public AuthenticationRequest Request { get; } = request;

    /// <summary>Null between exchanges.</summary>
    public IEnhancedExchange? Exchange { get; set; }

    /// <summary>The server's data of the last step, which goes out with CONNACK.</summary>
    public ReadOnlyMemory<byte> LastData { get; set; }
}
