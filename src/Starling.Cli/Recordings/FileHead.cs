using System.Buffers.Binary;
using Starling.CommitLog;

namespace Starling.Cli.Recordings;

/// <summary>The first 32 bytes of a recording.</summary>
/// <param name="Begun">When it began.</param>
/// <param name="IsAnonymised">Whether its topics, texts and payloads are replaced.</param>
internal readonly record struct FileHead(DateTimeOffset Begun, bool IsAnonymised)
{
    public const int Size = 32;

    private const int CheckedBytes = Size - sizeof(uint);
    private const ushort Version = 1;
    private const ushort AnonymisedFlag = 1;

    private static ReadOnlySpan<byte> Magic => "STARLREC"u8;

    public void Write(Span<byte> target)
    {
        target[..Size].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[10..], IsAnonymised ? AnonymisedFlag : (ushort)0);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], (Begun - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CheckedBytes..], Crc32C.Compute(target[..CheckedBytes]));
    }

    /// <summary>Reads what is at the begin of a file.</summary>
    /// <exception cref="RecordingException">It is no recording, or one of another version.</exception>
    public static FileHead Read(ReadOnlySpan<byte> source, string path)
    {
        if (source.Length < Magic.Length || !source[..Magic.Length].SequenceEqual(Magic))
        {
            throw new RecordingException($"{path} is no recording of starling: it does not begin as one.");
        }

        if (source.Length < Size)
        {
            throw new RecordingException($"{path} is cut off at offset {source.Length}, before the first message.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(source[CheckedBytes..]) != Crc32C.Compute(source[..CheckedBytes]))
        {
            throw new RecordingException($"{path} is damaged at offset 0: the checksum of its begin is wrong.");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]);
        long microseconds = BinaryPrimitives.ReadInt64LittleEndian(source[16..]);
        if (version != Version)
        {
            throw new RecordingException($"{path} is a recording of version {version}; this starling knows version {Version}.");
        }

        TimeSpan sinceEpoch = TimeSpan.FromMicroseconds(Math.Clamp(microseconds, 0, (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
        return new FileHead(DateTimeOffset.UnixEpoch + sinceEpoch, (BinaryPrimitives.ReadUInt16LittleEndian(source[10..]) & AnonymisedFlag) != 0);
    }
}
