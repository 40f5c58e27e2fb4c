using Starling.Protocol;

namespace Starling.Client;

/// <summary>The server refused: CONNACK, PUBACK, PUBREC, SUBACK or UNSUBACK with a code of 0x80 and above.</summary>
public sealed class MqttRejectedException : MqttException
{
    internal MqttRejectedException(PacketType packet, ReasonCode reason, string? reasonString)
        : base(Text(packet, reason, reasonString), IsWorthRepeating(reason), reason)
    {
        Packet = packet;
        ReasonString = reasonString;
    }

    /// <summary>The packet that refused.</summary>
    public PacketType Packet { get; }

    /// <summary>For people; null when absent.</summary>
    public string? ReasonString { get; }

    /// <summary>Another server that this one refers to (0x9C, 0x9D), as it was sent; null when absent. It is followed once.</summary>
    public string? ServerReference { get; internal init; }

    private static bool IsWorthRepeating(ReasonCode reason) => reason is ReasonCode.ServerUnavailable or ReasonCode.ServerBusy
        or ReasonCode.QuotaExceeded or ReasonCode.ConnectionRateExceeded or ReasonCode.UseAnotherServer or ReasonCode.UnspecifiedError
        or ReasonCode.PacketIdentifierInUse or ReasonCode.MessageRateTooHigh;

    private static string Text(PacketType packet, ReasonCode reason, string? reasonString) =>
        $"The server refused in {packet.ToString().ToUpperInvariant()}: 0x{(byte)reason:X2} {reason}{(reasonString is null ? "" : $" ({reasonString})")}.";
}
