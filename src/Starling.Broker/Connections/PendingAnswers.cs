using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Broker.Connections;

/// <summary>
/// The answers of one connection that wait for storage, first in, first out: an entry each, no task. They are discarded with the
/// connection. Once one waits, everything of the same kind behind it waits too, so that acknowledgements keep their order
/// [MQTT-4.6.0-2], [MQTT-4.6.0-3].
/// </summary>
internal sealed class PendingAnswers(BrokerConnection connection)
{
    /// <summary>In 3.x, which has no Receive Maximum, so many waiting answers hold the connection; in 5.0 so many besides those it bounds.</summary>
    private const int WaitingMax = 1024;

    private readonly Queue<Answer> _answers = new();

    private enum Kind : byte
    {
        Acknowledgement,
        SubAck,
        UnsubAck,
        ConnAck,
    }

    public int Count => _answers.Count;

    /// <summary>The answers of a connection, made when the first has to wait; its shard looks at them at each commit.</summary>
    public static PendingAnswers Of(BrokerConnection connection)
    {
        if (connection.Pending is not { } pending)
        {
            pending = new PendingAnswers(connection);
            connection.Pending = pending;
        }

        if (pending.Count == 0)
        {
            connection.Shard.Waiting.Add(connection);
        }

        return pending;
    }

    public void AddAcknowledgement(Ticket ticket, PacketType type, ushort packetIdentifier, ReasonCode reason) =>
        Add(new Answer(Kind.Acknowledgement, ticket, type, packetIdentifier, reason, null, false));

    public void AddSubAck(Ticket ticket, ushort packetIdentifier, byte[] codes) =>
        Add(new Answer(Kind.SubAck, ticket, PacketType.SubAck, packetIdentifier, ReasonCode.Success, codes, false));

    public void AddUnsubAck(Ticket ticket, ushort packetIdentifier, byte[] codes) =>
        Add(new Answer(Kind.UnsubAck, ticket, PacketType.UnsubAck, packetIdentifier, ReasonCode.Success, codes, false));

    public void AddConnAck(Ticket ticket, bool isPresent) =>
        Add(new Answer(Kind.ConnAck, ticket, PacketType.ConnAck, 0, ReasonCode.Success, null, isPresent));

    /// <summary>Sends what is stored by now, in order.</summary>
    public void Release(ulong committedLsn)
    {
        while (_answers.TryPeek(out Answer answer) && answer.Ticket.Lsn <= committedLsn && !connection.IsDetached)
        {
            _answers.Dequeue();
            Send(answer);
        }
    }

    private void Add(in Answer answer)
    {
        _answers.Enqueue(answer);
        if (_answers.Count >= (connection.IsV5 ? WaitingMax + connection.Shard.Engine.Options.ReceiveMaximum : WaitingMax))
        {
            connection.Pause(PauseReason.Acknowledgements);
        }
    }

    private void Send(in Answer answer)
    {
        Endings endings = connection.Shard.Endings;
        switch (answer.Kind)
        {
            case Kind.ConnAck:
                connection.Shard.Connecting.Answer(connection, answer.IsPresent);
                break;
            case Kind.SubAck:
                if (endings.TryAnswer(connection, connection.Machine.SendSubAck(connection.Output, answer.PacketIdentifier, answer.Codes)))
                {
                    connection.Shard.Deliveries.Pump(connection);
                }

                break;
            case Kind.UnsubAck:
                endings.TryAnswer(connection, connection.Machine.SendUnsubAck(connection.Output, answer.PacketIdentifier, answer.Codes));
                break;
            default:
                connection.Shard.Acknowledging.SendNow(connection, answer.Type, answer.PacketIdentifier, answer.Reason);
                break;
        }
    }

    private readonly record struct Answer(
        Kind Kind, Ticket Ticket, PacketType Type, ushort PacketIdentifier, ReasonCode Reason, byte[]? Codes, bool IsPresent);
}
