using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>The client's part of enhanced authentication and re-authentication. 5.0 only.</summary>
internal sealed class AuthenticationFlow(ClientConnectionSettings settings, IConnectionOutput output)
{
    private bool _isReauthenticating;

    /// <summary>The largest packet that the server takes, in bytes; not known before CONNACK.</summary>
    public uint MaximumPacketBytes { get; set; } = uint.MaxValue;

    /// <summary>Answers a challenge. Without a method in CONNECT there is no AUTH [MQTT-4.12.0-7].</summary>
    public bool TryContinue(ReadOnlySpan<byte> data) => TryWrite(ReasonCode.ContinueAuthentication, data);

    /// <summary>Begins a re-authentication.</summary>
    public bool TryBegin(ReadOnlySpan<byte> data) => _isReauthenticating = TryWrite(ReasonCode.ReAuthenticate, data);

    /// <summary>AUTH arrived, before CONNACK or later.</summary>
    public ProtocolViolation Received<TEffects>(scoped in AuthPacket packet, bool isConnected, ref TEffects effects)
        where TEffects : IClientEffects, allows ref struct
    {
        ProtocolViolation violation = CheckMethod(packet.HasAuthenticationMethod, packet.AuthenticationMethod);
        if (!violation.IsNone)
        {
            return violation;
        }

        if (packet.Reason == ReasonCode.ContinueAuthentication && (!isConnected || _isReauthenticating))
        {
            effects.Challenged(packet);
            return default;
        }

        if (packet.Reason == ReasonCode.Success && _isReauthenticating)
        {
            _isReauthenticating = false;
            effects.Reauthenticated(packet);
            return default;
        }

        // In between the server says 0x18, at the end of a re-authentication 0x00, and nothing unasked [MQTT-4.12.0-2].
        return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-4.12.0-2");
    }

    /// <summary>
    /// A server names the method of CONNECT in every AUTH and in a CONNACK that accepts [MQTT-4.12.0-5], and none when CONNECT had
    /// none [MQTT-4.12.0-6].
    /// </summary>
    public ProtocolViolation CheckMethod(bool hasMethod, ReadOnlySpan<byte> method)
    {
        if (settings.AuthenticationMethod is not { } own)
        {
            return hasMethod ? new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-4.12.0-6") : default;
        }

        return hasMethod && method.SequenceEqual(own.Span) ? default : new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-4.12.0-5");
    }

    private bool TryWrite(ReasonCode reason, ReadOnlySpan<byte> data)
    {
        if (settings.AuthenticationMethod is not { } method || settings.Version != MqttVersion.V5)
        {
            return false;
        }

        AuthPacket packet = new()
        {
            Reason = reason,
            HasAuthenticationMethod = true,
            AuthenticationMethod = method.Span,
            HasAuthenticationData = !data.IsEmpty,
            AuthenticationData = data,
        };
        int packetBytes = packet.GetByteCount(settings.Version);
        if ((uint)packetBytes > MaximumPacketBytes)
        {
            return false;
        }

        output.Advance(packet.Write(output.GetSpan(packetBytes), settings.Version));
        return true;
    }
}
