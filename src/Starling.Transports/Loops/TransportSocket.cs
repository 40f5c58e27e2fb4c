namespace Starling.Transports.Loops;

/// <summary>What a driver needs to find its end of a connection; it travels with the connection when that moves to another loop.</summary>
/// <param name="FileDescriptor">Of the epoll driver; -1 otherwise.</param>
/// <param name="Managed">The object of the other drivers; null otherwise.</param>
internal readonly record struct TransportSocket(int FileDescriptor, object? Managed);
