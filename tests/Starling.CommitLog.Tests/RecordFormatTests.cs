using CsCheck;

namespace Starling.CommitLog.Tests;

public sealed class RecordFormatTests
{
    private static readonly Gen<byte[]> Content = Gen.Byte.Array[0, 300];

    [Fact]
    public void The_checksum_is_the_one_of_Castagnoli() => Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));

    [Fact]
    public void A_checksum_can_be_computed_in_pieces() => Gen.Select(Content, Content).Sample((first, second) =>
        Crc32C.Append(Crc32C.Compute(first), second) == Crc32C.Compute([.. first, .. second]));

    [Fact]
    public void A_sealed_record_is_read_with_its_length() => Content.Sample(content =>
    {
        byte[] record = Seal(content);
        Assert.Equal(RecordStatus.Valid, RecordFormat.TryRead(record, out int length));
        Assert.Equal(RecordFormat.HeaderBytes + content.Length, length);
    });

    [Fact]
    public void The_fields_of_the_header_are_read_as_written() =>
        Gen.Select(Gen.Byte, Gen.Byte, Gen.UShort, Gen.UInt, Gen.ULong).Sample((type, flags, key, references, id) =>
        {
            byte[] record = new byte[RecordFormat.HeaderBytes];
            RecordHeader header = new(type, flags, key, references, id);
            header.Write(record);
            Assert.Equal(header, RecordHeader.Read(record));
        });

    [Fact]
    public void The_padding_holds_nothing_of_what_stood_there()
    {
        byte[] record = new byte[RecordFormat.Padded(RecordFormat.HeaderBytes + 1)];
        record.AsSpan().Fill(0xAA);
        RecordFormat.Seal(record, RecordFormat.HeaderBytes + 1);
        Assert.True(record.AsSpan(RecordFormat.HeaderBytes + 1).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void No_flipped_bit_goes_unseen() => Gen.Select(Content, Gen.Int[0, int.MaxValue]).Sample((content, position) =>
    {
        byte[] record = Seal(content);
        int bit = position % ((RecordFormat.HeaderBytes + content.Length) * 8);
        record[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.NotEqual(RecordStatus.Valid, RecordFormat.TryRead(record, out _));
    });

    [Fact]
    public void A_cut_record_is_truncated() => Gen.Select(Content, Gen.Int[0, int.MaxValue]).Sample((content, position) =>
    {
        byte[] record = Seal(content);
        Assert.Equal(RecordStatus.Truncated, RecordFormat.TryRead(record.AsSpan(0, position % record.Length), out _));
    });

    [Fact]
    public void Zeros_are_no_record() => Assert.Equal(RecordStatus.Damaged, RecordFormat.TryRead(new byte[64], out _));

    [Fact]
    public void A_frame_header_is_read_as_written()
    {
        FrameHeader header = new(96, 2, 7, 3, 0x1122334455667788, 1_700_000_000_000);
        byte[] bytes = new byte[FrameHeader.Bytes];
        header.Write(bytes);
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader read));
        Assert.Equal(header, read);
    }

    [Fact]
    public void No_flipped_bit_of_a_frame_header_goes_unseen() => Gen.Int[0, (FrameHeader.Bytes * 8) - 1].Sample(bit =>
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        new FrameHeader(96, 2, 7, 3, 5, 6).Write(bytes);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.False(FrameHeader.TryRead(bytes, out _));
    });

    private static byte[] Seal(byte[] content)
    {
        int length = RecordFormat.HeaderBytes + content.Length;
        byte[] record = new byte[RecordFormat.Padded(length)];
        content.CopyTo(record, RecordFormat.HeaderBytes);
        RecordFormat.Seal(record, length);
        return record;
    }
}
