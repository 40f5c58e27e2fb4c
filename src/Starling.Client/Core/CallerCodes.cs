using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>The Reason Codes that a program may have the client send.</summary>
internal static class CallerCodes
{
    /// <summary>Refuses what PUBACK and PUBREC have no code for [MQTT-3.4.2-1] [MQTT-3.5.2-1].</summary>
    public static void CheckRefusal(ReasonCode reason, string parameter) => Check(
        reason is ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized
            or ReasonCode.TopicNameInvalid or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid,
        reason,
        "refuses no message: PUBACK and PUBREC have 0x80, 0x83, 0x87, 0x90, 0x91, 0x97 and 0x99",
        parameter);

    /// <summary>Refuses what a client cannot say in DISCONNECT [MQTT-3.14.2-1].</summary>
    public static void CheckDisconnect(ReasonCode reason, string parameter) => Check(
        reason is ReasonCode.Success or ReasonCode.DisconnectWithWill or (>= ReasonCode.UnspecifiedError and <= ReasonCode.ImplementationSpecificError)
            or ReasonCode.TopicNameInvalid or (>= ReasonCode.ReceiveMaximumExceeded and <= ReasonCode.PayloadFormatInvalid),
        reason,
        "is not for the DISCONNECT of a client: that has 0x00, 0x04, 0x80 to 0x83, 0x90 and 0x93 to 0x99",
        parameter);

    private static void Check(bool isAllowed, ReasonCode reason, string rule, string parameter)
    {
        if (!isAllowed)
        {
            throw new ArgumentOutOfRangeException(parameter, $"0x{(byte)reason:X2} {reason} {rule}.");
        }
    }
}
