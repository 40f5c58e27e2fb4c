using System.Buffers.Binary;
using Starling.CommitLog;

namespace Starling.Storage.Checkpoints;

/// <summary>
/// The file that makes a directory a store: magic, checksum of what follows, format, store identifier, generation, the lowest segment
/// number that is free for sure, and the start LSNs of the two newest checkpoints (0: none).
/// </summary>
internal sealed record Manifest
{
    /// <summary>What a reader of this version understands.</summary>
    public const ushort FormatMajor = 1;

    /// <summary>What was added since the major number was raised last.</summary>
    public const ushort FormatMinor = 0;

    public const int Bytes = 64;
    private const int ChecksumOffset = 4;
    private const int CoveredOffset = 8;

    public ushort Major { get; init; } = FormatMajor;

    public ushort Minor { get; init; } = FormatMinor;

    /// <summary>16 random bytes.</summary>
    public required byte[] StoreId { get; init; }

    /// <summary>Raised by one at each opening for writing.</summary>
    public uint Generation { get; init; }

    public ulong NextSegmentId { get; init; }

    public ulong NewestCheckpoint { get; init; }

    public ulong OlderCheckpoint { get; init; }

    private static ReadOnlySpan<byte> Magic => "SFM1"u8;

    public ulong StorePrefix => BinaryPrimitives.ReadUInt64LittleEndian(StoreId);

    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        Span<byte> rest = bytes;
        BinaryPrimitives.WriteUInt16LittleEndian(rest[8..], Major);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[10..], Minor);
        StoreId.CopyTo(rest[12..]);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[28..], Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[32..], NextSegmentId);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[40..], NewestCheckpoint);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[48..], OlderCheckpoint);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[ChecksumOffset..], Crc32C.Compute(rest[CoveredOffset..]));
        return bytes;
    }

    /// <summary>Reads the manifest of a directory; null when it has none.</summary>
    /// <exception cref="StoreException">It is damaged, or of a newer format.</exception>
    public static Manifest? Read(ILogDirectory directory)
    {
        if (!directory.Exists(StoreNames.Manifest))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        using ILogFile file = directory.Open(StoreNames.Manifest, LogFileMode.Read);
        int read = file.Read(bytes, 0);
        if (read < CoveredOffset + 4 || !bytes.StartsWith(Magic))
        {
            throw Damaged(directory, "it does not begin as a manifest does");
        }

        // A newer one may be longer and differ in all but its first twelve bytes.
        ushort major = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (major > FormatMajor)
        {
            throw new StoreException(
                StoreFailure.NewerFormat,
                $"{directory.Path} has format {major}, and this version reads up to {FormatMajor}: use a newer one");
        }

        if (read < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Crc32C.Compute(bytes[CoveredOffset..]))
        {
            throw Damaged(directory, "its checksum is wrong");
        }

        return new Manifest
        {
            Major = major,
            Minor = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            StoreId = bytes[12..28].ToArray(),
            Generation = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]),
            NextSegmentId = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            NewestCheckpoint = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            OlderCheckpoint = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
        };
    }

    /// <summary>Replaces the manifest of a directory; it is on the disk when this returns.</summary>
    public void Write(ILogDirectory directory)
    {
        directory.Delete(StoreNames.ManifestBeingWritten);
        using (ILogFile file = directory.Open(StoreNames.ManifestBeingWritten, LogFileMode.CreateNew))
        {
            file.Write(Encode(), 0);
            file.Sync();
        }

        directory.Rename(StoreNames.ManifestBeingWritten, StoreNames.Manifest);
        directory.SyncFolder("");
    }

    private static StoreException Damaged(ILogDirectory directory, string how) => new(
        StoreFailure.Corrupt, $"{directory.Path}/{StoreNames.Manifest} is damaged at offset 0: {how}; try starling store repair");
}
