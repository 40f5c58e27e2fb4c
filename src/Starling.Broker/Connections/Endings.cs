using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Connections;

/// <summary>The ways a connection ends, and what becomes of its session and its Will.</summary>
internal sealed class Endings(Shard shard)
{
    /// <summary>DISCONNECT of the client.</summary>
    public void Disconnected(BrokerConnection connection, in DisconnectPacket packet)
    {
        if (connection.Session is { } session)
        {
            if (packet.Reason == ReasonCode.Success)
            {
                // A normal DISCONNECT takes the Will away unpublished [MQTT-3.14.4-3]; any other code leaves it in force [U5-19].
                TakeWillAway(session);
                shard.Holds.KeepQos0(connection, session);
            }

            if (packet.SessionExpiryIntervalSeconds is { } expiry && expiry != session.ExpiryIntervalSeconds)
            {
                // The expiry of DISCONNECT replaces that of CONNECT [U5-16].
                shard.Sessions.SetExpiry(session, shard.Sessions.LimitExpiry(expiry));
                shard.Records.SessionOpened(session, true);
            }
        }

        Detach(connection, ConnectionCause.Disconnected, packet.Reason);
        connection.Output.Close();
    }

    /// <summary>The client broke a rule: one answer where the version has one, one log line, and the end of this connection alone.</summary>
    public void Violated(BrokerConnection connection, in ProtocolViolation violation)
    {
        shard.Counters.Replied(connection.Machine.SendViolation(connection.Output, violation));
        shard.Counters.CrossBy(violation.Reason);
        if (violation.Statement == nameof(BrokerOptions.TopicLevelsMax))
        {
            shard.Counters.Cross(BrokerLimit.TopicLevelsMax);
        }

        shard.Log.Violated(connection, violation);
        Detach(connection, ConnectionCause.Violation, violation.Reason);
        connection.Output.Close();
    }

    /// <summary>This side ends the connection: DISCONNECT with a code in 5.0, a bare close in 3.x.</summary>
    public void Disconnect(BrokerConnection connection, ReasonCode reason, ConnectionCause cause, string? text)
    {
        if (connection.Machine.Phase == ServerConnectionPhase.Connected)
        {
            shard.Counters.Replied(connection.Machine.SendDisconnect(connection.Output, reason, text is null ? default : Encoding.UTF8.GetBytes(text)));
        }

        connection.Machine.End();
        Detach(connection, cause, reason);
        connection.Output.Close();
    }

    /// <summary>
    /// Counts an answer of so many bytes. One of 0 bytes was too large for the client [MQTT-3.1.2-24]: it cannot go on without it, so the
    /// connection ends.
    /// </summary>
    /// <returns>Whether the connection goes on.</returns>
    public bool TryAnswer(BrokerConnection connection, int answerBytes)
    {
        shard.Counters.Replied(answerBytes);
        if (answerBytes == 0)
        {
            Disconnect(connection, ReasonCode.PacketTooLarge, ConnectionCause.Limit, null);
        }

        return answerBytes > 0;
    }

    /// <summary>Another connection has authenticated with the same Client Identifier [MQTT-3.1.4-3], [MQTT311-3.1.4-2].</summary>
    public void TakeOver(BrokerConnection connection) =>
        Disconnect(connection, ReasonCode.SessionTakenOver, ConnectionCause.TakenOver, null);

    /// <summary>Parts the connection from its session; whatever ends a connection comes through here, and once.</summary>
    public void Detach(BrokerConnection connection, ConnectionCause cause, ReasonCode reason = ReasonCode.Success)
    {
        if (connection.IsDetached)
        {
            return;
        }

        connection.IsDetached = true;
        shard.RecipientChanges++;
        connection.Machine.End();
        shard.Timers.Cancel(connection.Timer);
        shard.Holds.Discard(connection);
        connection.Pending = null;
        if (connection.IsCounted)
        {
            connection.IsCounted = false;
            shard.Engine.UncountConnection();
        }

        if (connection.IsOpen)
        {
            connection.IsOpen = false;
            shard.Counters.ConnectionsNow--;
        }

        if (connection.Session is not { } session)
        {
            return;
        }

        if (connection.Request is not null)
        {
            // It was never accepted: its CONNACK still waited for storage.
            TakeWillAway(session);
        }

        connection.Session = null;
        shard.Log.Disconnected(connection, session, cause, reason);
        if (session.Connection == connection)
        {
            session.Connection = null;
            shard.Sessions.ClientIsAway(session);
        }
    }

    /// <summary>Most sessions have no Will, and then there is nothing to record.</summary>
    private void TakeWillAway(Session session)
    {
        if (session.Will is not null)
        {
            session.Will = null;
            shard.Records.WillRemoved(session);
        }
    }
}
