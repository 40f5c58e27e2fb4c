using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>
/// Which server is next: those of the options in turn, and for one attempt the one that a server referred to. One thread at a time.
/// </summary>
internal sealed class ServerRotation(IEnumerable<Uri> servers)
{
    private readonly Uri[] _servers = [.. servers];
    private int _index;
    private Uri? _referred;
    private bool _hasMoved;
    private bool _isFollowing;

    /// <summary>Where the next attempt goes.</summary>
    public Uri Current => _referred ?? _servers[_index];

    public int Count => _servers.Length;

    /// <summary>The attempt failed: the next server of the options. False when that is the same again.</summary>
    public bool Next()
    {
        Uri before = Current;
        _referred = null;
        _isFollowing = false;
        _index = (_index + 1) % _servers.Length;
        return Current != before;
    }

    /// <summary>The connection was lost: the same server again.</summary>
    public void Again() => _isFollowing = false;

    /// <summary>A connection is up.</summary>
    public void Connected()
    {
        if (_hasMoved && _referred is { } moved)
        {
            // "Server moved" is for good, unlike "use another server".
            _servers[_index] = moved;
            _referred = null;
        }

        _hasMoved = false;
    }

    /// <summary>
    /// Goes next to the server that this one refers to (0x9C, 0x9D), once: a reference by that server waits for a delay, so that two that
    /// refer to each other keep nobody busy. A reference never changes the scheme, so that none leads out of TLS.
    /// </summary>
    public bool TryFollow(MqttException cause)
    {
        string? reference = cause switch
        {
            MqttRejectedException refusal => refusal.ServerReference,
            MqttDisconnectedException end => end.ServerReference,
            _ => null,
        };
        if (_isFollowing || cause.Reason is not (ReasonCode.UseAnotherServer or ReasonCode.ServerMoved) || Resolve(reference) is not { } server)
        {
            return false;
        }

        _referred = server;
        _hasMoved = cause.Reason == ReasonCode.ServerMoved;
        _isFollowing = true;
        return true;
    }

    /// <summary>The first usable one of a list of references: host, host:port, or an address with the scheme in use.</summary>
    private Uri? Resolve(string? references)
    {
        Uri current = Current;
        if (current.Scheme == ServerScheme.Unix)
        {
            return null;
        }

        foreach (string reference in (references ?? string.Empty).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            string address = reference.Contains("://", StringComparison.Ordinal)
                ? reference
                : $"{current.Scheme}://{reference}{(ServerScheme.IsWebSocket(current.Scheme) && ServerScheme.HasPath(current) ? current.PathAndQuery : string.Empty)}";
            if (Uri.TryCreate(address, UriKind.Absolute, out Uri? server) && server.Scheme == current.Scheme && server.Host.Length > 0
                && server.UserInfo.Length == 0)
            {
                return server;
            }
        }

        return null;
    }
}
