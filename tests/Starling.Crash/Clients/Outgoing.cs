using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>A message that a client has sent and whose exchange is not done.</summary>
internal sealed class Outgoing(int identifier, byte[] packet, MessageStream stream, Published message)
{
    public int Identifier => identifier;

    /// <summary>PUBLISH as it was sent first.</summary>
    public byte[] Packet => packet;

    public MessageStream Stream => stream;

    public Published Message => message;

    /// <summary>PUBREC has come, so PUBREL is what is sent again.</summary>
    public bool IsReceived { get; set; }
}
