namespace Starling.Protocol.Packets;

/// <summary>Which Reason Codes each packet of 5.0 may carry, whichever side sends it.</summary>
internal static class ReasonCodeTable
{
    private static ReadOnlySpan<ReasonCode> ConnAck =>
    [
        ReasonCode.Success, ReasonCode.UnspecifiedError, ReasonCode.MalformedPacket, ReasonCode.ProtocolError,
        ReasonCode.ImplementationSpecificError, ReasonCode.UnsupportedProtocolVersion, ReasonCode.ClientIdentifierNotValid,
        ReasonCode.BadUserNameOrPassword, ReasonCode.NotAuthorized, ReasonCode.ServerUnavailable, ReasonCode.ServerBusy,
        ReasonCode.Banned, ReasonCode.BadAuthenticationMethod, ReasonCode.TopicNameInvalid, ReasonCode.PacketTooLarge,
        ReasonCode.QuotaExceeded, ReasonCode.PayloadFormatInvalid, ReasonCode.RetainNotSupported, ReasonCode.QoSNotSupported,
        ReasonCode.UseAnotherServer, ReasonCode.ServerMoved, ReasonCode.ConnectionRateExceeded,
    ];

    private static ReadOnlySpan<ReasonCode> PubAckAndPubRec =>
    [
        ReasonCode.Success, ReasonCode.NoMatchingSubscribers, ReasonCode.UnspecifiedError, ReasonCode.ImplementationSpecificError,
        ReasonCode.NotAuthorized, ReasonCode.TopicNameInvalid, ReasonCode.PacketIdentifierInUse, ReasonCode.QuotaExceeded,
        ReasonCode.PayloadFormatInvalid,
    ];

    private static ReadOnlySpan<ReasonCode> PubRelAndPubComp =>
    [
        ReasonCode.Success, ReasonCode.PacketIdentifierNotFound,
    ];

    private static ReadOnlySpan<ReasonCode> SubAck =>
    [
        ReasonCode.Success, ReasonCode.GrantedQoS1, ReasonCode.GrantedQoS2, ReasonCode.UnspecifiedError,
        ReasonCode.ImplementationSpecificError, ReasonCode.NotAuthorized, ReasonCode.TopicFilterInvalid,
        ReasonCode.PacketIdentifierInUse, ReasonCode.QuotaExceeded, ReasonCode.SharedSubscriptionsNotSupported,
        ReasonCode.SubscriptionIdentifiersNotSupported, ReasonCode.WildcardSubscriptionsNotSupported,
    ];

    private static ReadOnlySpan<ReasonCode> UnsubAck =>
    [
        ReasonCode.Success, ReasonCode.NoSubscriptionExisted, ReasonCode.UnspecifiedError, ReasonCode.ImplementationSpecificError,
        ReasonCode.NotAuthorized, ReasonCode.TopicFilterInvalid, ReasonCode.PacketIdentifierInUse,
    ];

    private static ReadOnlySpan<ReasonCode> Disconnect =>
    [
        ReasonCode.Success, ReasonCode.DisconnectWithWill, ReasonCode.UnspecifiedError, ReasonCode.MalformedPacket,
        ReasonCode.ProtocolError, ReasonCode.ImplementationSpecificError, ReasonCode.NotAuthorized, ReasonCode.ServerBusy,
        ReasonCode.ServerShuttingDown, ReasonCode.BadAuthenticationMethod, ReasonCode.KeepAliveTimeout, ReasonCode.SessionTakenOver,
        ReasonCode.TopicFilterInvalid, ReasonCode.TopicNameInvalid, ReasonCode.ReceiveMaximumExceeded, ReasonCode.TopicAliasInvalid,
        ReasonCode.PacketTooLarge, ReasonCode.MessageRateTooHigh, ReasonCode.QuotaExceeded, ReasonCode.AdministrativeAction,
        ReasonCode.PayloadFormatInvalid, ReasonCode.RetainNotSupported, ReasonCode.QoSNotSupported, ReasonCode.UseAnotherServer,
        ReasonCode.ServerMoved, ReasonCode.SharedSubscriptionsNotSupported, ReasonCode.ConnectionRateExceeded,
        ReasonCode.MaximumConnectTime, ReasonCode.SubscriptionIdentifiersNotSupported, ReasonCode.WildcardSubscriptionsNotSupported,
    ];

    private static ReadOnlySpan<ReasonCode> Auth =>
    [
        ReasonCode.Success, ReasonCode.ContinueAuthentication, ReasonCode.ReAuthenticate,
    ];

    public static bool IsAllowed(PacketType type, ReasonCode reason) => CodesOf(type).Contains(reason);

    public static bool AreAllowed(PacketType type, ReadOnlySpan<byte> reasons)
    {
        foreach (byte reason in reasons)
        {
            if (!IsAllowed(type, (ReasonCode)reason))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<ReasonCode> CodesOf(PacketType type) => type switch
    {
        PacketType.ConnAck => ConnAck,
        PacketType.PubAck or PacketType.PubRec => PubAckAndPubRec,
        PacketType.PubRel or PacketType.PubComp => PubRelAndPubComp,
        PacketType.SubAck => SubAck,
        PacketType.UnsubAck => UnsubAck,
        PacketType.Disconnect => Disconnect,
        PacketType.Auth => Auth,
        _ => default,
    };
}
