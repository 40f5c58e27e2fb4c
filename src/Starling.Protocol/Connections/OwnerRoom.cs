namespace Starling.Protocol.Connections;

/// <summary>How much room the owner of a connection has for messages.</summary>
public enum OwnerRoom
{
    /// <summary>There is room: the connection is read.</summary>
    Free,

    /// <summary>
    /// There is none by rights: the connection is read only while an answer of the server is awaited, because the owner may need it to make
    /// room, as a handler that publishes does.
    /// </summary>
    Full,

    /// <summary>There is none at all: the connection is not read.</summary>
    Exhausted,
}
