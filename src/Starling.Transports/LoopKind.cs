namespace Starling.Transports;

/// <summary>What the loops of a group are built on.</summary>
public enum LoopKind
{
    /// <summary>The best that the operating system has: epoll on Linux, else the portable loop.</summary>
    Automatic,

    /// <summary>Linux epoll. Elsewhere <see cref="LoopGroup.Start"/> refuses it.</summary>
    Epoll,

    /// <summary>System.Net.Sockets, on every platform.</summary>
    Portable,
}
