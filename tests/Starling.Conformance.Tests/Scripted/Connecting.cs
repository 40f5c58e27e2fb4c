using Starling.Conformance.Cases;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What CONNECT leads to.</summary>
internal static class Connecting
{
    public static void OnConnect(ScriptedConnection connection, ConnectRequest request)
    {
        if (request.ClientIdentifier.Length == 0)
        {
            connection.Request = request = request with { ClientIdentifier = AssignIdentifier(connection, request) };
            connection.IsIdentifierAssigned = true;
        }

        bool isTooLong = connection.Has(Fault.LongClientIdentifierRefused) && request.ClientIdentifier.Length > 22;
        Demand(
            request.ClientIdentifier != Preparation.RefusedClientIdentifier && !isTooLong,
            ReasonCode.ClientIdentifierNotValid);
        Demand(request.UserName != Preparation.RefusedUserName, ReasonCode.BadUserNameOrPassword);
        Demand(request.Will is not { } will || !Topics.IsDenied(will.Topic), ReasonCode.NotAuthorized);
        bool isTaken = request.Method == Preparation.Method || !connection.Has(Fault.AnyMethodAccepted);
        if (request.Method is not null && isTaken)
        {
            Authenticating.Begin(connection, request.Properties);
            return;
        }

        Accept(connection);
    }

    /// <summary>The client is let in.</summary>
    public static void Accept(ScriptedConnection connection)
    {
        if (connection.Request is not { } request)
        {
            return;
        }

        ScriptedServer server = connection.Server;
        ScriptedSession session = server.Sessions.Take(connection, request, out bool isPresent);
        connection.Session = session;
        bool isConnAckLate = connection.Has(Fault.PubRelBeforeConnAck) && session.Window.All.Any(delivery => delivery.IsReleased);
        if (!isConnAckLate)
        {
            connection.Replies.ConnAck(isPresent);
        }

        int keepAlive = connection.Has(Fault.ServerKeepAliveUnannounced) && request.KeepAlive > 1 ? 1 : request.KeepAlive;
        connection.KeepAlive = KeepAlive.Start(connection, keepAlive);
        session.Window.Resume();
        if (isConnAckLate)
        {
            connection.Replies.ConnAck(isPresent);
        }
    }

    private static string AssignIdentifier(ScriptedConnection connection, ConnectRequest request)
    {
        bool isRefused = connection.Version switch
        {
            MqttVersion.V5 => false,
            MqttVersion.V311 => !request.CleanStart && !connection.Has(Fault.EmptyIdentifierKept),
            _ => !connection.Has(Fault.EmptyIdentifierOf31Accepted),
        };
        Demand(!isRefused, ReasonCode.ClientIdentifierNotValid);
        return connection.Has(Fault.AssignedIdentifierRepeated) ? "assigned" : connection.Server.NewIdentifier();
    }

    private static void Demand(bool condition, ReasonCode reason)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
