using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Storage.Records;

/// <summary>
/// How a receiver stands in a message record: session, sequence, flags and the number of Subscription Identifiers (18 bytes), then the
/// identifiers, then the shared filter when there is one.
/// </summary>
internal static class ReferenceFormat
{
    public const int FixedBytes = 18;
    public const byte QosMask = 0x03;
    public const byte Retain = 0x04;
    public const byte Shared = 0x08;
    public const byte Online = 0x10;
    public const byte Known = 0x1F;

    /// <summary>As a number of identifiers: the number stands behind it in four bytes.</summary>
    public const byte Many = 255;

    public static int Measure(in StoreReference reference)
    {
        int bytes = FixedBytes;
        if (reference.Identifiers is { } several)
        {
            bytes += (several.Length >= Many ? 4 : 0) + (4 * several.Length);
        }
        else if (reference.Identifier != 0)
        {
            bytes += 4;
        }

        return bytes + (reference.SharedFilter is { } filter ? 2 + filter.Length : 0);
    }

    public static void Write(ref ByteWriter writer, in StoreReference reference)
    {
        writer.Write(reference.Session);
        writer.Write(reference.Sequence);
        writer.Write((byte)((byte)reference.Qos
            | (reference.Retain ? Retain : 0)
            | (reference.SharedFilter is null ? 0 : Shared)
            | (reference.IsOnline ? Online : 0)));
        if (reference.Identifiers is { } several)
        {
            WriteCount(ref writer, several.Length);
            foreach (uint identifier in several)
            {
                writer.Write(identifier);
            }
        }
        else
        {
            writer.Write(reference.Identifier == 0 ? (byte)0 : (byte)1);
            if (reference.Identifier != 0)
            {
                writer.Write(reference.Identifier);
            }
        }

        if (reference.SharedFilter is { } filter)
        {
            writer.Write((ushort)filter.Length);
            writer.Write(filter);
        }
    }

    public static bool TryRead(ref ByteReader reader, out ReferenceView reference)
    {
        int before = reader.Rest.Length;
        ReadOnlySpan<byte> all = reader.Rest;
        reference = new ReferenceView { Session = reader.ReadUInt64(), Sequence = reader.ReadUInt64() };
        byte flags = reader.ReadByte();
        long count = reader.ReadByte();
        count = count == Many ? reader.ReadUInt32() : count;
        reference.Qos = (QualityOfService)(flags & QosMask);
        reference.Retain = (flags & Retain) != 0;
        reference.IsOnline = (flags & Online) != 0;
        reference.Identifiers = reader.Read(4 * count);
        reference.IsShared = (flags & Shared) != 0;
        reference.SharedFilter = reference.IsShared ? reader.Read(reader.ReadUInt16()) : default;
        reference.Encoded = reader.IsOverrun ? default : all[..(before - reader.Rest.Length)];
        return !reader.IsOverrun && (flags & ~Known) == 0 && reference.Qos is QualityOfService.AtLeastOnce or QualityOfService.ExactlyOnce
            && reference.Session != 0;
    }

    private static void WriteCount(ref ByteWriter writer, int count)
    {
        if (count < Many)
        {
            writer.Write((byte)count);
        }
        else
        {
            writer.Write(Many);
            writer.Write((uint)count);
        }
    }
}
