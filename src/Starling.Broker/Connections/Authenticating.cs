using System.Text;
using Starling.Broker.Ports;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Connections;

/// <summary>Plain and enhanced authentication at CONNECT, and re-authentication later.</summary>
internal sealed class Authenticating(Shard shard)
{
    private BrokerPorts Ports => shard.Engine.Ports;

    /// <summary>Decides about a CONNECT, now or later.</summary>
    public PacketVerdict Begin(BrokerConnection connection, ConnectRequest request)
    {
        if (request.AuthenticationMethod is { } method)
        {
            AuthenticationRequest asked = Describe(connection, request);
            connection.Enhanced = new EnhancedState(Encoding.UTF8.GetBytes(method), asked)
            {
                Exchange = Ports.EnhancedAuthenticator?.Begin(asked),
            };

            // A method that is not supported ends the connection [MQTT-4.12.0-1].
            return connection.Enhanced.Exchange is null
                ? shard.Connecting.Refuse(connection, ReasonCode.BadAuthenticationMethod)
                : Step(connection, connection.Enhanced, request.AuthenticationData);
        }

        if (Ports.Authenticator is not { } authenticator)
        {
            return shard.Engine.Options.AllowAnonymous
                ? shard.Connecting.Accept(connection)
                : shard.Connecting.Refuse(connection, ReasonCode.NotAuthorized);
        }

        ConnectionCompletion<AuthenticationDecision> completion = new(connection, Finish);
        if (authenticator.TryAuthenticate(Describe(connection, request), completion, out AuthenticationDecision decision))
        {
            return Decide(connection, decision);
        }

        connection.Pause(PauseReason.Connecting);
        return PacketVerdict.Pause;
    }

    /// <summary>AUTH of the client: the next step of an exchange, or the beginning of a re-authentication.</summary>
    public PacketVerdict Receive(BrokerConnection connection, in AuthPacket packet)
    {
        if (connection.Enhanced is not { } enhanced)
        {
            return PacketVerdict.End;
        }

        bool isConnected = connection.Machine.Phase == ServerConnectionPhase.Connected;
        if (!packet.AuthenticationMethod.SequenceEqual(enhanced.Method))
        {
            // The method stays that of CONNECT [MQTT-4.12.1-1].
            return Refuse(connection, ReasonCode.ProtocolError);
        }

        if (packet.Reason == ReasonCode.ReAuthenticate && isConnected && enhanced.Exchange is null)
        {
            enhanced.Exchange = Ports.EnhancedAuthenticator?.Begin(enhanced.Request);
        }
        else if (packet.Reason != ReasonCode.ContinueAuthentication)
        {
            // The client's answer to a challenge has code 0x18 [MQTT-4.12.0-3].
            return Refuse(connection, ReasonCode.ProtocolError);
        }

        return enhanced.Exchange is null
            ? Refuse(connection, ReasonCode.ProtocolError)
            : Step(connection, enhanced, packet.AuthenticationData.ToArray());
    }

    private static AuthenticationRequest Describe(BrokerConnection connection, ConnectRequest request) => new()
    {
        ClientIdentifier = request.ClientIdentifier,
        UserName = request.UserName,
        Password = request.Password is { } password ? new ReadOnlyMemory<byte>(password) : default(ReadOnlyMemory<byte>?),
        RemoteEndPoint = connection.Details.RemoteEndPoint,
        ListenerName = connection.Details.ListenerName,
        Version = request.Version,
        AuthenticationMethod = request.AuthenticationMethod,
    };

    private PacketVerdict Step(BrokerConnection connection, EnhancedState enhanced, ReadOnlyMemory<byte> data)
    {
        if (enhanced.Exchange is not { } exchange)
        {
            return PacketVerdict.End;
        }

        ConnectionCompletion<EnhancedDecision> completion = new(connection, Finish);
        if (exchange.TryContinue(data, completion, out EnhancedDecision decision))
        {
            return Decide(connection, decision);
        }

        connection.Pause(PauseReason.Connecting);
        return PacketVerdict.Pause;
    }

    private void Finish(BrokerConnection connection, AuthenticationDecision decision) => GoOn(connection, Decide(connection, decision));

    private void Finish(BrokerConnection connection, EnhancedDecision decision) => GoOn(connection, Decide(connection, decision));

    /// <summary>A late answer lets the client go on, unless its CONNACK waits for storage now.</summary>
    private static void GoOn(BrokerConnection connection, PacketVerdict verdict)
    {
        if (verdict != PacketVerdict.Pause)
        {
            connection.Resume(PauseReason.Connecting);
        }
    }

    private PacketVerdict Decide(BrokerConnection connection, AuthenticationDecision decision) => decision.IsAllowed
        ? shard.Connecting.Accept(connection)
        : shard.Connecting.Refuse(connection, decision.Reason == ReasonCode.Success ? ReasonCode.NotAuthorized : decision.Reason);

    private PacketVerdict Decide(BrokerConnection connection, EnhancedDecision decision)
    {
        if (connection.Enhanced is not { } enhanced)
        {
            return PacketVerdict.End;
        }

        if (decision.Reason == ReasonCode.ContinueAuthentication)
        {
            // The server's challenge has code 0x18 [MQTT-4.12.0-2].
            return Send(connection, enhanced, decision);
        }

        enhanced.Exchange = null;
        if (decision.Reason != ReasonCode.Success)
        {
            // The server may refuse at any step [MQTT-4.12.0-4]; a failed re-authentication ends the connection [MQTT-4.12.1-2].
            return Refuse(connection, decision.Reason);
        }

        if (connection.Machine.Phase == ServerConnectionPhase.Connected)
        {
            return Send(connection, enhanced, decision);
        }

        enhanced.LastData = decision.Data;
        return shard.Connecting.Accept(connection);
    }

    /// <summary>AUTH, or the end for a client that allows no packet of its size: it would wait for it for ever.</summary>
    private PacketVerdict Send(BrokerConnection connection, EnhancedState enhanced, EnhancedDecision decision)
    {
        int sentBytes = connection.Machine.SendAuth(connection.Output, decision.Reason, enhanced.Method, decision.Data.Span);
        if (sentBytes == 0)
        {
            return Refuse(connection, ReasonCode.PacketTooLarge);
        }

        shard.Counters.Replied(sentBytes);
        return PacketVerdict.Continue;
    }

    private PacketVerdict Refuse(BrokerConnection connection, ReasonCode reason)
    {
        if (connection.Machine.Phase != ServerConnectionPhase.Connected)
        {
            return shard.Connecting.Refuse(connection, reason);
        }

        shard.Endings.Disconnect(connection, reason, ConnectionCause.Refused, "authentication failed");
        return PacketVerdict.End;
    }
}
