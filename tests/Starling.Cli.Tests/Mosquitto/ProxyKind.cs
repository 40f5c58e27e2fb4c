namespace Starling.Cli.Tests.Mosquitto;

/// <summary>How a client reaches the proxy.</summary>
internal enum ProxyKind
{
    Tcp,
    Unix,
    Tls,
    Socks,
}
