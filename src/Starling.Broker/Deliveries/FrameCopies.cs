using Starling.Broker.Messages;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Deliveries;

/// <summary>
/// The encoded forms of the message in hand: each is built at most once per (version, QoS, RETAIN, identifiers), and copied to each
/// subscriber with its own Packet Identifier. A message expires in whole seconds of the same instant for all, so the expiry needs no place
/// in the key.
/// </summary>
internal sealed class FrameCopies
{
    private const int CopiesMax = 4;

    // How much later another loop may have read its clock: it reads it once in each of its turns.
    private const int ClocksApartMilliseconds = 100;

    private readonly Copy[] _copies = CreateCopies();
    private int _count;

    /// <summary>A new message is in hand.</summary>
    public void Begin() => _count = 0;

    /// <summary>The packet for these terms; Packet Identifier 0 stands where the real one goes.</summary>
    public ReadOnlySpan<byte> Get(scoped in Message message, bool isV5, scoped in DeliveryTerms terms, long utcMilliseconds)
    {
        // Bytes go through as they came between equal versions, when nothing has to be added.
        if (message.Frame.Length > 0 && message.FrameIsV5 == isV5 && terms.Qos == QualityOfService.AtMostOnce
            && !terms.Retain && (!isV5 || HasNoIdentifier(terms)))
        {
            return message.Frame;
        }

        for (int i = 0; i < _count; i++)
        {
            if (_copies[i].IsFor(isV5, terms))
            {
                return _copies[i].Bytes;
            }
        }

        Copy copy = _copies[_count < CopiesMax ? _count++ : CopiesMax - 1];
        copy.Build(message, isV5, terms, utcMilliseconds);
        return copy.Bytes;
    }

    private static bool HasNoIdentifier(in DeliveryTerms terms) => terms.Identifier == 0 && terms.Identifiers is null;

    private static Copy[] CreateCopies()
    {
        Copy[] copies = new Copy[CopiesMax];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = new Copy();
        }

        return copies;
    }

    private sealed class Copy
    {
        /// <summary>A buffer that one large message made is not kept for the small ones.</summary>
        private const int KeptBytesMax = 64 << 10;

        private byte[] _buffer = new byte[512];
        private int _length;
        private bool _isV5;
        private DeliveryTerms _terms;

        public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

        public bool IsFor(bool isV5, in DeliveryTerms terms) => _isV5 == isV5
            && _terms.Qos == terms.Qos
            && _terms.Retain == terms.Retain
            && (!isV5 || (_terms.Identifier == terms.Identifier && ReferenceEquals(_terms.Identifiers, terms.Identifiers)));

        public void Build(in Message message, bool isV5, in DeliveryTerms terms, long utcMilliseconds)
        {
            _isV5 = isV5;
            _terms = terms;
            PublishPacket packet = PacketFor(message, isV5, terms, utcMilliseconds);
            MqttVersion version = isV5 ? MqttVersion.V5 : MqttVersion.V311;
            uint single = terms.Identifier;
            SetIdentifiers(ref packet, isV5, terms, ref single);
            int count = packet.GetByteCount(version);
            if (_buffer.Length < count || (_buffer.Length > KeptBytesMax && count <= KeptBytesMax))
            {
                _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(512, count));
            }

            _length = packet.Write(_buffer, version);
        }
    }

    /// <summary>A PUBLISH over the bytes of a message, without Packet Identifier and Subscription Identifiers.</summary>
    public static PublishPacket PacketFor(in Message message, bool isV5, in DeliveryTerms terms, long utcMilliseconds)
    {
        PublishPacket packet = new()
        {
            Qos = terms.Qos,
            Retain = terms.Retain,
            Topic = message.Topic,
            Payload = message.Payload,
        };
        if (isV5)
        {
            packet.Properties = message.Properties;
            packet.MessageExpiryIntervalSeconds = RemainingSeconds(message, utcMilliseconds);
        }

        return packet;
    }

    public static void SetIdentifiers(ref PublishPacket packet, bool isV5, in DeliveryTerms terms, ref uint single)
    {
        if (!isV5)
        {
            return;
        }

        if (terms.Identifiers is { } identifiers)
        {
            // One copy carries the identifiers of all matching subscriptions [MQTT-3.3.4-3], [MQTT-3.3.4-4].
            packet.SubscriptionIdentifiers = identifiers;
        }
        else if (single != 0)
        {
            packet.SubscriptionIdentifiers = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref single, 1);
        }
    }

    /// <summary>
    /// The lifetime received less the time spent here [MQTT-3.3.2-6]; begun seconds count whole. The loop that received the message may have
    /// read its clock later than this one, which must not make it more than was received.
    /// </summary>
    private static uint? RemainingSeconds(in Message message, long utcMilliseconds)
    {
        if (message.ExpiresAtUtcMilliseconds == long.MaxValue)
        {
            return null;
        }

        long left = message.ExpiresAtUtcMilliseconds - utcMilliseconds;
        return left <= 0 ? 0 : (uint)Math.Clamp((left - ClocksApartMilliseconds + 999) / 1000, 1, uint.MaxValue);
    }
}
