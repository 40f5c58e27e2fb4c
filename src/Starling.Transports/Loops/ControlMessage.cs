using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>What one loop, or a thread outside, hands to a loop: a connection to attach, or something to run.</summary>
/// <param name="Action">To run on the loop's thread; null when this is a connection.</param>
/// <param name="Socket">The connection.</param>
/// <param name="Details">What is known of it.</param>
/// <param name="Unread">Bytes received and not taken on the loop that it comes from.</param>
internal readonly record struct ControlMessage(Action? Action, TransportSocket Socket, ConnectionDetails Details, byte[] Unread)
{
    public static ControlMessage Run(Action action) => new(action, default, default, []);

    public static ControlMessage Attach(TransportSocket socket, in ConnectionDetails details, byte[] unread) =>
        new(null, socket, details, unread);
}
