namespace Starling.Protocol.Packets;

/// <summary>The return codes that CONNACK has in 3.x, and the Reason Codes of 5.0 that they stand for.</summary>
public static class ConnAckReturnCode
{
    /// <summary>The last return code with a meaning.</summary>
    private const byte NotAuthorized = 5;

    /// <summary>
    /// Finds the return code for a reason. False when 3.x has none that fits: then the connection is closed without CONNACK
    /// [MQTT311-3.2.2-6].
    /// </summary>
    public static bool TryFromReason(ReasonCode reason, out byte returnCode)
    {
        returnCode = reason switch
        {
            ReasonCode.Success => 0,
            ReasonCode.UnsupportedProtocolVersion => 1,
            ReasonCode.ClientIdentifierNotValid => 2,
            ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.QuotaExceeded or ReasonCode.ConnectionRateExceeded => 3,
            ReasonCode.BadUserNameOrPassword or ReasonCode.BadAuthenticationMethod => 4,
            ReasonCode.NotAuthorized or ReasonCode.Banned => NotAuthorized,
            _ => byte.MaxValue,
        };
        return returnCode <= NotAuthorized;
    }

    /// <summary>Finds the reason for a return code. False for the reserved ones.</summary>
    public static bool TryToReason(byte returnCode, out ReasonCode reason)
    {
        reason = returnCode switch
        {
            0 => ReasonCode.Success,
            1 => ReasonCode.UnsupportedProtocolVersion,
            2 => ReasonCode.ClientIdentifierNotValid,
            3 => ReasonCode.ServerUnavailable,
            4 => ReasonCode.BadUserNameOrPassword,
            _ => ReasonCode.NotAuthorized,
        };
        return returnCode <= NotAuthorized;
    }
}
