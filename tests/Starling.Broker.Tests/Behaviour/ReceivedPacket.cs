using System.Buffers;
using System.Text;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A packet that a test client got, decoded; fields that the packet does not have keep their default.</summary>
internal sealed class ReceivedPacket
{
    private ReceivedPacket(byte[] bytes) => Bytes = bytes;

    /// <summary>The whole packet as it came.</summary>
    public byte[] Bytes { get; }

    public PacketType Type => (PacketType)(Bytes[0] >> 4);

    public ushort PacketIdentifier { get; private set; }

    public ReasonCode Reason { get; private set; }

    public string? ReasonString { get; private set; }

    /// <summary>Of SUBACK and UNSUBACK.</summary>
    public byte[] Codes { get; private set; } = [];

    public string Topic { get; private set; } = "";

    public byte[] Payload { get; private set; } = [];

    public string Text => Encoding.UTF8.GetString(Payload);

    public QualityOfService Qos { get; private set; }

    public bool Retain { get; private set; }

    public bool Duplicate { get; private set; }

    public ushort TopicAlias { get; private set; }

    public uint? MessageExpiryIntervalSeconds { get; private set; }

    public uint[] SubscriptionIdentifiers { get; private set; } = [];

    /// <summary>The properties of a PUBLISH as they came.</summary>
    public byte[] Properties { get; private set; } = [];

    public bool SessionPresent { get; private set; }

    public uint? SessionExpiryIntervalSeconds { get; private set; }

    public ushort? ReceiveMaximum { get; private set; }

    public QualityOfService? MaximumQos { get; private set; }

    public bool? RetainAvailable { get; private set; }

    public uint? MaximumPacketBytes { get; private set; }

    public string? AssignedClientIdentifier { get; private set; }

    public ushort? TopicAliasMaximum { get; private set; }

    public bool? WildcardSubscriptionAvailable { get; private set; }

    public bool? SubscriptionIdentifiersAvailable { get; private set; }

    public bool? SharedSubscriptionAvailable { get; private set; }

    public ushort? ServerKeepAliveSeconds { get; private set; }

    public string? ResponseInformation { get; private set; }

    public string? AuthenticationMethod { get; private set; }

    public byte[]? AuthenticationData { get; private set; }

    /// <summary>Takes the first packet off the bytes; null when there is no whole one.</summary>
    public static ReceivedPacket? TryTake(ref byte[] bytes, MqttVersion version)
    {
        OperationStatus status = PacketFraming.TryReadFrame(bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        if (status != OperationStatus.Done)
        {
            Assert.Equal(OperationStatus.NeedMoreData, status);
            return null;
        }

        ReceivedPacket packet = new(frame.Bytes.ToArray());
        bytes = bytes[frame.Bytes.Length..];
        Assert.True(packet.TryDecode(version), $"The broker sent what {version} does not allow: {Convert.ToHexString(packet.Bytes)}");
        return packet;
    }

    public override string ToString() => $"{Type} {Convert.ToHexString(Bytes)}";

    private bool TryDecode(MqttVersion version)
    {
        PacketFraming.TryReadFrame(Bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        return Type switch
        {
            PacketType.ConnAck => TryConnAck(frame, version),
            PacketType.Publish => TryPublish(frame, version),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => TryAcknowledgement(frame, version),
            PacketType.SubAck => TrySubAck(frame, version),
            PacketType.UnsubAck => TryUnsubAck(frame, version),
            PacketType.PingResp => PingPackets.TryRead(frame, version, out _),
            PacketType.Disconnect => TryDisconnect(frame, version),
            PacketType.Auth => TryAuth(frame, version),
            _ => false,
        };
    }

    private bool TryConnAck(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = ConnAckPacket.TryRead(frame, version, out ConnAckPacket packet, out _);
        SessionPresent = packet.SessionPresent;
        Reason = packet.Reason;
        ReasonString = TextOf(packet.ReasonString);
        SessionExpiryIntervalSeconds = packet.SessionExpiryIntervalSeconds;
        ReceiveMaximum = packet.ReceiveMaximum;
        MaximumQos = packet.MaximumQos;
        RetainAvailable = packet.RetainAvailable;
        MaximumPacketBytes = packet.MaximumPacketBytes;
        AssignedClientIdentifier = TextOf(packet.AssignedClientIdentifier);
        TopicAliasMaximum = packet.TopicAliasMaximum;
        WildcardSubscriptionAvailable = packet.WildcardSubscriptionAvailable;
        SubscriptionIdentifiersAvailable = packet.SubscriptionIdentifiersAvailable;
        SharedSubscriptionAvailable = packet.SharedSubscriptionAvailable;
        ServerKeepAliveSeconds = packet.ServerKeepAliveSeconds;
        ResponseInformation = TextOf(packet.ResponseInformation);
        AuthenticationMethod = packet.HasAuthenticationMethod ? Encoding.UTF8.GetString(packet.AuthenticationMethod) : null;
        AuthenticationData = packet.HasAuthenticationData ? packet.AuthenticationData.ToArray() : null;
        return isValid;
    }

    private bool TryPublish(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = PublishPacket.TryRead(frame, version, out PublishPacket packet, out _);
        PacketIdentifier = packet.PacketIdentifier;
        Topic = Encoding.UTF8.GetString(packet.Topic);
        Payload = packet.Payload.ToArray();
        Qos = packet.Qos;
        Retain = packet.Retain;
        Duplicate = packet.Duplicate;
        TopicAlias = packet.TopicAlias;
        MessageExpiryIntervalSeconds = packet.MessageExpiryIntervalSeconds;
        Properties = packet.Properties.ToArray();
        List<uint> identifiers = [];
        PropertyReader properties = new(Properties);
        while (properties.TryRead(out PropertyEntry entry))
        {
            if (entry.Id == PropertyId.SubscriptionIdentifier)
            {
                identifiers.Add(entry.Number);
            }
        }

        SubscriptionIdentifiers = [.. identifiers];
        return isValid;
    }

    private bool TryAcknowledgement(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = AcknowledgementPacket.TryRead(frame, version, out AcknowledgementPacket packet, out _);
        PacketIdentifier = packet.PacketIdentifier;
        Reason = packet.Reason;
        ReasonString = TextOf(packet.ReasonString);
        return isValid;
    }

    private bool TrySubAck(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = SubAckPacket.TryRead(frame, version, out SubAckPacket packet, out _);
        PacketIdentifier = packet.PacketIdentifier;
        Codes = packet.ReasonCodes.ToArray();
        ReasonString = TextOf(packet.ReasonString);
        return isValid;
    }

    private bool TryUnsubAck(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = UnsubAckPacket.TryRead(frame, version, out UnsubAckPacket packet, out _);
        PacketIdentifier = packet.PacketIdentifier;
        Codes = packet.ReasonCodes.ToArray();
        ReasonString = TextOf(packet.ReasonString);
        return isValid;
    }

    private bool TryDisconnect(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = DisconnectPacket.TryRead(frame, version, out DisconnectPacket packet, out _);
        Reason = packet.Reason;
        ReasonString = TextOf(packet.ReasonString);
        return isValid;
    }

    private bool TryAuth(in PacketFrame frame, MqttVersion version)
    {
        bool isValid = AuthPacket.TryRead(frame, version, out AuthPacket packet, out _);
        Reason = packet.Reason;
        AuthenticationMethod = packet.HasAuthenticationMethod ? Encoding.UTF8.GetString(packet.AuthenticationMethod) : null;
        AuthenticationData = packet.HasAuthenticationData ? packet.AuthenticationData.ToArray() : null;
        return isValid;
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);
}
