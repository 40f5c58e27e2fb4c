using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What DISCONNECT of a client leads to.</summary>
internal static class Disconnecting
{
    private static readonly ReasonCode[] Codes =
    [
        ReasonCode.Success, ReasonCode.DisconnectWithWill, ReasonCode.UnspecifiedError, ReasonCode.MalformedPacket,
        ReasonCode.ProtocolError, ReasonCode.ImplementationSpecificError, ReasonCode.TopicNameInvalid, ReasonCode.ReceiveMaximumExceeded,
        ReasonCode.TopicAliasInvalid, ReasonCode.PacketTooLarge, ReasonCode.MessageRateTooHigh, ReasonCode.QuotaExceeded,
        ReasonCode.AdministrativeAction, ReasonCode.PayloadFormatInvalid,
    ];

    public static void OnDisconnect(ScriptedConnection connection, ScriptedSession session, FieldReader reader)
    {
        ReasonCode reason = ReasonCode.Success;
        if (connection.IsV5 && !reader.IsAtEnd)
        {
            reason = (ReasonCode)reader.Byte();
            PropertyList properties = reader.IsAtEnd ? PropertyList.Empty : reader.Properties(PacketType.Disconnect);
            if (!Codes.Contains(reason) && connection.Has(Fault.DisconnectCodeUnchecked))
            {
                reason = ReasonCode.Success;
            }

            ChangeExpiry(connection, session, properties);
            if (!Codes.Contains(reason))
            {
                throw new RefusalException(ReasonCode.ProtocolError);
            }
        }

        reader.End(Fault.BytesBehindDisconnectTolerated);
        bool isWillDropped = connection.Fault switch
        {
            Fault.WillPublishedAtDisconnect => false,
            Fault.WillDroppedAtEveryDisconnect => true,
            _ => reason == ReasonCode.Success,
        };
        if (isWillDropped)
        {
            session.Will = null;
        }

        if (!connection.Has(Fault.PacketBehindDisconnectTaken))
        {
            connection.Close();
        }
    }

    private static void ChangeExpiry(ScriptedConnection connection, ScriptedSession session, PropertyList properties)
    {
        if (!properties.Has(PropertyId.SessionExpiryInterval) || connection.Has(Fault.SessionExpiryAtDisconnectIgnored))
        {
            return;
        }

        uint seconds = (uint)properties.Number(PropertyId.SessionExpiryInterval, 0);
        if (session.ExpirySeconds == 0 && seconds > 0 && !connection.Has(Fault.SessionExpiryFromZeroTolerated))
        {
            throw new RefusalException(ReasonCode.ProtocolError);
        }

        session.ExpirySeconds = seconds;
    }
}
