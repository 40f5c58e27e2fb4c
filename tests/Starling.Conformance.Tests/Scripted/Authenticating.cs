using System.Text;
using Starling.Conformance.Cases;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Enhanced authentication: at CONNECT, and again later.</summary>
internal static class Authenticating
{
    /// <summary>A CONNECT names a method.</summary>
    public static void Begin(ScriptedConnection connection, PropertyList properties)
    {
        string method = properties.Text(PropertyId.AuthenticationMethod) ?? "";
        if (method != Preparation.Method)
        {
            throw new RefusalException(ReasonCode.BadAuthenticationMethod);
        }

        connection.Authentication = new Exchange(method);
        Challenge(connection, properties);
    }

    public static void OnAuth(ScriptedConnection connection, FieldReader reader)
    {
        ReasonCode reason = reader.IsAtEnd ? ReasonCode.Success : (ReasonCode)reader.Byte();
        PropertyList properties = reader.IsAtEnd ? PropertyList.Empty : reader.Properties(PacketType.Auth);
        reader.End(Fault.BytesBehindAuthTolerated);
        if (connection.Authentication is not { } exchange)
        {
            Demand(connection.Has(Fault.AuthWithoutMethodTolerated));
            return;
        }

        string? method = properties.Text(PropertyId.AuthenticationMethod);
        Demand(method is not null || connection.Has(Fault.AuthMissingMethodTolerated));
        Demand(method is null || method == exchange.Method || connection.Has(Fault.AuthMethodChangeTolerated));
        ReasonCode due = exchange.IsChallenged ? ReasonCode.ContinueAuthentication : ReasonCode.ReAuthenticate;
        Demand(reason == due || connection.Has(Fault.AuthCodeUnchecked));
        if (!exchange.IsChallenged)
        {
            Challenge(connection, properties);
            return;
        }

        exchange.IsChallenged = false;
        bool isLenient = connection.Has(connection.Session is null ? Fault.WrongProofAccepted : Fault.WrongProofOfReauthenticationAccepted);
        if (Data(properties) != Preparation.MethodAnswer && !isLenient)
        {
            throw new RefusalException(ReasonCode.NotAuthorized);
        }

        if (connection.Session is null)
        {
            Connecting.Accept(connection);
        }
        else if (connection.Has(Fault.SecondConnAckSent))
        {
            connection.Replies.ConnAck(false);
        }
        else
        {
            connection.Replies.Auth(ReasonCode.Success, exchange.Method, Preparation.MethodWelcome);
        }
    }

    private static void Challenge(ScriptedConnection connection, PropertyList properties)
    {
        if (Data(properties) != Preparation.MethodBegin)
        {
            throw new RefusalException(ReasonCode.NotAuthorized);
        }

        if (connection.Authentication is { } exchange)
        {
            exchange.IsChallenged = true;
            ReasonCode reason = connection.Has(Fault.ChallengeCodeWrong) ? ReasonCode.Success : ReasonCode.ContinueAuthentication;
            connection.Replies.Auth(reason, exchange.Method, Preparation.MethodChallenge);
        }
    }

    private static string Data(PropertyList properties) => properties.All
        .Where(property => property.Id == PropertyId.AuthenticationData)
        .Select(property => Encoding.Latin1.GetString(property.Data))
        .FirstOrDefault("");

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new RefusalException(ReasonCode.ProtocolError);
        }
    }
}
