using System.Text;
using Starling.Broker.Sessions;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Connections;

/// <summary>What a CONNECT asked for, kept while the client is authenticated.</summary>
internal sealed class ConnectRequest
{
    public required string ClientIdentifier { get; init; }

    /// <summary>Whether the server chose the identifier.</summary>
    public required bool IsAssigned { get; init; }

    public required MqttVersion Version { get; init; }

    public required bool CleanStart { get; init; }

    public required ushort KeepAliveSeconds { get; init; }

    public required uint ExpiryIntervalSeconds { get; init; }

    public required bool WantsResponseInformation { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    public string? AuthenticationMethod { get; init; }

    public byte[] AuthenticationData { get; init; } = [];

    public Will? Will { get; init; }

    public static ConnectRequest From(in ConnectPacket packet, string clientIdentifier, bool isAssigned) => new()
    {
        ClientIdentifier = clientIdentifier,
        IsAssigned = isAssigned,
        Version = packet.Version,
        CleanStart = packet.CleanStart,
        KeepAliveSeconds = packet.KeepAliveSeconds,
        ExpiryIntervalSeconds = ExpiryOf(packet),
        WantsResponseInformation = packet.RequestResponseInformation,
        UserName = packet.HasUserName ? Encoding.UTF8.GetString(packet.UserName) : null,
        Password = packet.HasPassword ? packet.Password.ToArray() : null,
        AuthenticationMethod = packet.HasAuthenticationMethod ? Encoding.UTF8.GetString(packet.AuthenticationMethod) : null,
        AuthenticationData = packet.AuthenticationData.ToArray(),
        Will = packet.HasWill ? WillOf(packet) : null,
    };

    // In 3.x a session without Clean Session lasts for ever, and one with it ends with its connection.
    private static uint ExpiryOf(in ConnectPacket packet) => packet.Version == MqttVersion.V5
        ? packet.SessionExpiryIntervalSeconds
        : packet.CleanStart ? 0 : uint.MaxValue;

    private static Will WillOf(in ConnectPacket packet)
    {
        byte[] properties = new byte[packet.WillProperties.Length];
        int length = PropertyBlock.CopyForwarded(packet.WillProperties, properties);
        return new Will
        {
            Topic = packet.WillTopic.ToArray(),
            Payload = packet.WillPayload.ToArray(),
            Properties = length == properties.Length ? properties : properties[..length],
            Qos = packet.WillQos,
            Retain = packet.WillRetain,
            DelayIntervalSeconds = packet.WillDelayIntervalSeconds,
            MessageExpiryIntervalSeconds = packet.WillMessageExpiryIntervalSeconds,
        };
    }
}
