using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What PUBACK, PUBREC, PUBREL and PUBCOMP of a client lead to.</summary>
internal static class Acknowledging
{
    public static void OnAcknowledgement(ScriptedConnection connection, ScriptedSession session, PacketType type, FieldReader reader)
    {
        int identifier = reader.Identifier(Fault.IdentifierZeroSent);
        ReasonCode reason = ReasonCode.Success;
        if (connection.IsV5 && !reader.IsAtEnd)
        {
            reason = (ReasonCode)reader.Byte();
            if (connection.Has(Fault.ShortAcknowledgementRefused) || !reader.IsAtEnd)
            {
                reader.Properties(type);
            }
        }

        reader.End(Fault.BytesBehindAcknowledgementTolerated);
        if (!IsCode(type, reason))
        {
            throw new RefusalException(ReasonCode.ProtocolError);
        }

        switch (type)
        {
            case PacketType.PubAck:
                session.Window.OnPubAck(identifier, reason);
                break;
            case PacketType.PubRec:
                session.Window.OnPubRec(identifier, reason);
                break;
            case PacketType.PubComp:
                session.Window.OnPubComp(identifier);
                break;
            default:
                OnPubRel(connection, session, identifier);
                break;
        }
    }

    private static void OnPubRel(ScriptedConnection connection, ScriptedSession session, int identifier)
    {
        bool isOfThisConnection = connection.OpenIdentifiers.Remove(identifier);
        bool isKnown = connection.Has(Fault.PubRelKeepsIdentifier)
            ? session.ReceivedIdentifiers.Contains(identifier)
            : session.ReceivedIdentifiers.Remove(identifier);
        if (!isKnown && connection.Has(Fault.UnknownPubRelEndsConnection))
        {
            throw new RefusalException(ReasonCode.ProtocolError);
        }

        bool isFine = isKnown || !connection.IsV5 || connection.Has(Fault.UnknownPubRelAnsweredWithSuccess);
        if (isOfThisConnection || !isKnown || !connection.Has(Fault.PubRelUnansweredAfterResume))
        {
            ReasonCode reason = isFine ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
            connection.Replies.Acknowledge(PacketType.PubComp, identifier, reason);
        }
    }

    private static bool IsCode(PacketType type, ReasonCode reason) => type is PacketType.PubAck or PacketType.PubRec
        ? reason is ReasonCode.Success or ReasonCode.NoMatchingSubscribers or ReasonCode.UnspecifiedError
            or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid
            or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid
        : reason is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound;
}
