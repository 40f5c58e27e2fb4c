using System.Buffers;
using System.Text;
using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

/// <summary>Bytes for tests.</summary>
internal static class Wire
{
    public static readonly Gen<byte[]> Text =
        Gen.OneOf("a", "b", "/", "$", "é", "字", "😀", "\uFEFF").Array[0, 8].Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)));

    public static readonly Gen<byte[]> NonEmptyText = Text.Where(text => text.Length != 0);

    public static readonly Gen<byte[]> Binary = Gen.Byte.Array[0, 20];

    public static readonly Gen<ushort> Identifier = Gen.UShort[1, ushort.MaxValue];

    public static readonly Gen<byte[]> UserProperties =
        Gen.Select(Text, Text).Array[0, 3].Select(pairs => pairs.SelectMany(pair => UserProperty(pair.Item1, pair.Item2)).ToArray());

    /// <summary>The bytes that hexadecimal digits stand for; spaces separate only.</summary>
    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A packet with the right length in front of its body.</summary>
    public static byte[] Packet(byte firstByte, params ReadOnlySpan<byte[]> parts)
    {
        byte[] body = [.. parts.ToArray().SelectMany(part => part)];
        return [firstByte, .. Length(body.Length), .. body];
    }

    /// <summary>A property block with its length.</summary>
    public static byte[] Block(byte[] properties) => [.. Length(properties.Length), .. properties];

    /// <summary>Text or binary with its length.</summary>
    public static byte[] Field(byte[] bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];

    public static PacketFrame Frame(byte[] packet)
    {
        OperationStatus status = PacketFraming.TryReadFrame(packet, int.MaxValue, out PacketFrame frame, out int neededBytes, out _);
        Assert.Equal(OperationStatus.Done, status);
        Assert.Equal(packet.Length, neededBytes);
        return frame;
    }

    private static byte[] UserProperty(byte[] name, byte[] value) => [0x26, .. Field(name), .. Field(value)];

    private static byte[] Length(int value)
    {
        byte[] bytes = new byte[VariableByteInteger.BytesMax];
        return bytes[..VariableByteInteger.Write(bytes, (uint)value)];
    }
}
