using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>Builds CONNECT from the settings.</summary>
internal static class ConnectWriter
{
    public static void Write(ClientConnectionSettings settings, IConnectionOutput output)
    {
        bool isV5 = settings.Version == MqttVersion.V5;
        ConnectPacket packet = new()
        {
            Version = settings.Version,
            CleanStart = settings.CleanStart,
            KeepAliveSeconds = settings.KeepAliveSeconds,
            ClientIdentifier = settings.ClientIdentifier.Span,
            HasUserName = settings.UserName is not null,
            UserName = settings.UserName.GetValueOrDefault().Span,

            // In 3.x there is no password without a user name [MQTT311-3.1.2-22].
            HasPassword = settings.Password is not null && (isV5 || settings.UserName is not null),
            Password = settings.Password.GetValueOrDefault().Span,
        };
        AddWill(settings.Will, isV5, ref packet);
        if (isV5)
        {
            AddProperties(settings, ref packet);
        }

        output.Advance(packet.Write(output.GetSpan(packet.GetByteCount(settings.Version)), settings.Version));
    }

    private static void AddWill(ClientWill? will, bool isV5, ref ConnectPacket packet)
    {
        if (will is null)
        {
            return;
        }

        packet.HasWill = true;
        packet.WillTopic = will.Topic.Span;
        packet.WillPayload = will.Payload.Span;
        packet.WillQos = will.Qos;
        packet.WillRetain = will.Retain;
        packet.WillProperties = isV5 ? will.Properties.Span : default;
    }

    private static void AddProperties(ClientConnectionSettings settings, ref ConnectPacket packet)
    {
        packet.SessionExpiryIntervalSeconds = settings.SessionExpiryIntervalSeconds;
        packet.ReceiveMaximum = settings.ReceiveMaximum;
        packet.MaximumPacketBytes = (uint)settings.MaximumPacketBytes;
        packet.TopicAliasMaximum = settings.TopicAliasMaximum;
        packet.RequestResponseInformation = settings.RequestResponseInformation;
        packet.RequestProblemInformation = settings.RequestProblemInformation;
        packet.UserProperties = settings.UserProperties.Span;
        if (settings.AuthenticationMethod is { } method)
        {
            packet.HasAuthenticationMethod = true;
            packet.AuthenticationMethod = method.Span;
            packet.HasAuthenticationData = settings.AuthenticationData is not null;
            packet.AuthenticationData = settings.AuthenticationData.GetValueOrDefault().Span;
        }
    }
}
