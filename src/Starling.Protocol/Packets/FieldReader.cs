using System.Buffers;
using System.Buffers.Binary;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Packets;

/// <summary>Takes the fields of one packet off its front; after a false, <see cref="Violation"/> tells what is wrong.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes, MqttVersion version)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public MqttVersion Version { get; set; } = version;

    /// <summary>The statement broken when the next field runs over the end of the packet; null for the general one.</summary>
    public string? OverrunStatement { get; set; }

    public ProtocolViolation Violation { get; private set; }

    private readonly bool IsV5 => Version == MqttVersion.V5;

    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return Overrun();
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
        {
            return Overrun();
        }

        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
        {
            return Overrun();
        }

        _rest = _rest[sizeof(uint)..];
        return true;
    }

    public bool TryReadVariableByteInteger(out uint value)
    {
        switch (VariableByteInteger.TryRead(_rest, out value, out int bytesRead))
        {
            case OperationStatus.NeedMoreData:
                return Overrun();
            case OperationStatus.Done when bytesRead == VariableByteInteger.GetByteCount(value):
                _rest = _rest[bytesRead..];
                return true;
            default:
                return Fail(ReasonCode.MalformedPacket, "MQTT-1.5.5-1");
        }
    }

    public bool TryReadBinary(out ReadOnlySpan<byte> value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out ushort length) || _rest.Length - sizeof(ushort) < length)
        {
            value = default;
            return Overrun();
        }

        value = _rest.Slice(sizeof(ushort), length);
        _rest = _rest[(sizeof(ushort) + length)..];
        return true;
    }

    public bool TryReadText(out ReadOnlySpan<byte> value)
    {
        if (!TryReadBinary(out value))
        {
            return false;
        }

        if (Utf8String.IsValid(value))
        {
            return true;
        }

        return Fail(Violations.BadText(value, Version));
    }

    /// <summary>Takes the Property Length and that many bytes; 3.x has neither.</summary>
    public bool TryReadPropertyBlock(out ReadOnlySpan<byte> block)
    {
        block = default;
        if (!IsV5)
        {
            return true;
        }

        // Without properties there is still a length of zero [MQTT-2.2.2-1].
        if (_rest.IsEmpty)
        {
            return Fail(ReasonCode.MalformedPacket, "MQTT-2.2.2-1");
        }

        if (!TryReadVariableByteInteger(out uint length))
        {
            return false;
        }

        if (length > (uint)_rest.Length)
        {
            return Fail(ReasonCode.MalformedPacket, "U5-08");
        }

        block = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    public bool TryReadProperties(ulong allowed, out PropertyValues values)
    {
        values = default;
        if (!TryReadPropertyBlock(out ReadOnlySpan<byte> block))
        {
            return false;
        }

        if (PropertyValues.TryRead(block, allowed, out values, out ProtocolViolation violation))
        {
            return true;
        }

        return Fail(violation);
    }

    /// <summary>Takes a Packet Identifier, which is never 0.</summary>
    public bool TryReadPacketIdentifier(out ushort value, string statement, string statement311)
    {
        if (!TryReadUInt16(out value))
        {
            return false;
        }

        return value != 0 || Fail(ReasonCode.ProtocolError, IsV5 ? statement : statement311);
    }

    /// <summary>Nothing may be left behind the last field [U5-05].</summary>
    public bool IsAtEnd() => _rest.IsEmpty || Overrun();

    public bool Fail(ReasonCode reason, string statement) => Fail(new ProtocolViolation(reason, statement));

    public bool Fail(ProtocolViolation violation)
    {
        Violation = violation;
        return false;
    }

    private bool Overrun() =>
        Fail(OverrunStatement is null ? Violations.BadLength(Version) : new(ReasonCode.MalformedPacket, OverrunStatement));
}
