using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Starling.CommitLog;

namespace Starling.Client.Outboxes;

/// <summary>
/// The file <c>outbox</c> beside the segments: whose outbox this is, and up to where its log is over. Replaced as a whole, so that it is
/// the old one or the new one after any crash.
/// </summary>
/// <param name="ClientId">The Client Identifier: Packet Identifiers mean nothing in the session of another.</param>
/// <param name="Prefix">Tells frames of this outbox from those of others.</param>
/// <param name="FloorLsn">Nothing up to this frame is needed any more.</param>
/// <param name="NextTicket">No ticket below this is given out again.</param>
/// <param name="NextSegment">No segment below this is begun again.</param>
internal sealed record OutboxManifest(string ClientId, ulong Prefix, ulong FloorLsn, ulong NextTicket, ulong NextSegment)
{
    private const string Name = "outbox";
    private const string NewName = "outbox.new";
    private const byte RecordType = 16;
    private const int Version = 1;
    private const int FixedBytes = 32;

    /// <summary>The manifest of a new outbox, which is not written yet.</summary>
    public static OutboxManifest Create(string clientId)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(prefix);
        return new OutboxManifest(clientId, BinaryPrimitives.ReadUInt64LittleEndian(prefix), 0, 1, 1);
    }

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="LogCorruptException">It is damaged.</exception>
    /// <exception cref="LogFormatException">It is of a newer version.</exception>
    public static OutboxManifest? Read(ILogDirectory directory)
    {
        if (!directory.Exists(Name))
        {
            return null;
        }

        using ILogFile file = directory.Open(Name, LogFileMode.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0);
        if (RecordFormat.TryRead(bytes, out int length) != RecordStatus.Valid || length < RecordFormat.HeaderBytes + FixedBytes)
        {
            throw new LogCorruptException(Name, 0, $"{Name} is damaged at offset 0");
        }

        RecordHeader header = RecordHeader.Read(bytes);
        if (header.Type != RecordType || header.Id != Version)
        {
            throw new LogFormatException($"{Name} has version {header.Id}, and this program knows version {Version}");
        }

        ReadOnlySpan<byte> content = bytes.AsSpan(RecordFormat.HeaderBytes..length);
        return new OutboxManifest(
            Encoding.UTF8.GetString(content[FixedBytes..]),
            BinaryPrimitives.ReadUInt64LittleEndian(content),
            BinaryPrimitives.ReadUInt64LittleEndian(content[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(content[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(content[24..]));
    }

    /// <summary>Writes it; when this returns it survives a power cut.</summary>
    public void Write(ILogDirectory directory)
    {
        byte[] clientId = Encoding.UTF8.GetBytes(ClientId);
        int length = RecordFormat.HeaderBytes + FixedBytes + clientId.Length;
        byte[] bytes = new byte[RecordFormat.Padded(length)];
        new RecordHeader(RecordType, 0, 0, 0, Version).Write(bytes);
        Span<byte> content = bytes.AsSpan(RecordFormat.HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(content, Prefix);
        BinaryPrimitives.WriteUInt64LittleEndian(content[8..], FloorLsn);
        BinaryPrimitives.WriteUInt64LittleEndian(content[16..], NextTicket);
        BinaryPrimitives.WriteUInt64LittleEndian(content[24..], NextSegment);
        clientId.CopyTo(content[FixedBytes..]);
        RecordFormat.Seal(bytes, length);
        directory.Delete(NewName);
        using (ILogFile file = directory.Open(NewName, LogFileMode.CreateNew))
        {
            file.Write(bytes, 0);
            file.Sync();
        }

        directory.Rename(NewName, Name);
        directory.SyncFolder("");
    }
}
