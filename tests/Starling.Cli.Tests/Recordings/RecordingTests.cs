using System.Globalization;
using CsCheck;
using Starling.Cli.Recordings;
using Starling.Client;

namespace Starling.Cli.Tests.Recordings;

public sealed class RecordingTests
{
    [Fact]
    public void What_is_written_is_read() => RecordingGen.Messages.Sample(messages =>
    {
        (List<RecordedMessage> read, long? cutAt, string? error) = RecordingGen.Read(RecordingGen.Write(messages));

        return RecordingGen.Same(read, messages) && cutAt is null && error is null;
    });

    [Fact]
    public void Head_and_end_are_read()
    {
        byte[] bytes = RecordingGen.Write([new RecordedMessage(TimeSpan.FromSeconds(2), new MqttMessage { Topic = "a" })]);

        using MemoryStream stream = new(bytes);
        RecordingReader reader = new(stream, "x.rec");

        Assert.Equal(RecordingGen.Head, reader.Head);
        Assert.Equal((1, 3_000_000), (reader.End?.Messages, reader.End?.Microseconds));
    }

    [Fact]
    public void File_that_is_cut_at_any_byte_gives_the_whole_messages_before_it() => RecordingGen.Messages.Sample(
        messages =>
        {
            byte[] bytes = RecordingGen.Write(messages);
            int[] ends = [.. Enumerable.Range(1, messages.Length).Select(count => RecordingGen.Write(messages.Take(count), isComplete: false).Length)];
            for (int length = 0; length < bytes.Length; length++)
            {
                (List<RecordedMessage> read, long? cutAt, string? error) = RecordingGen.Read(bytes[..length]);
                int whole = ends.Count(end => end <= length);
                Assert.True(RecordingGen.Same(read, messages[..whole]), $"{length} of {bytes.Length} bytes gave {read.Count} messages and not {whole}");
                Assert.Equal(length >= FileHead.Size, error is null && cutAt is not null);
                Assert.True(error is not null || cutAt <= length);
            }
        },
        iter: 20);

    [Fact]
    public void Flipped_bit_never_gives_another_message_and_is_never_unnoticed() => Gen.Select(RecordingGen.Messages, Gen.Double.Unit, Gen.Int[0, 7]).Sample(
        (messages, place, bit) =>
        {
            byte[] bytes = RecordingGen.Write(messages);
            int at = (int)(place * bytes.Length);
            bytes[at] ^= (byte)(1 << bit);

            (List<RecordedMessage> read, long? cutAt, string? error) = RecordingGen.Read(bytes);

            Assert.True(read.Count <= messages.Length && RecordingGen.Same(read, messages[..read.Count]));
            Assert.True(error is not null || cutAt is not null, $"bit {bit} of byte {at} of {bytes.Length} is flipped, and nobody said so");
        },
        iter: 2000);

    [Fact]
    public void Damage_is_named_with_the_offset_of_its_frame()
    {
        RecordedMessage[] messages = [.. Enumerable.Range(0, 3).Select(static i => new RecordedMessage(TimeSpan.FromSeconds(i), new MqttMessage { Topic = "a", Payload = new byte[100] }))];
        int second = RecordingGen.Write(messages[..1], isComplete: false).Length;
        byte[] bytes = RecordingGen.Write(messages);
        bytes[second + FrameHead.Size + 50] ^= 1;

        (List<RecordedMessage> read, _, string? error) = RecordingGen.Read(bytes);

        Assert.Single(read);
        Assert.Equal($"x.rec is damaged at offset {second}: the checksum of a frame is wrong. What stands before it was read.", error);
    }

    [Fact]
    public void Random_bytes_are_no_recording_and_no_fault() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        // Behind a right head, so that the frames are looked at.
        byte[] file = [.. RecordingGen.Write([], isComplete: false), .. bytes];

        return RecordingGen.Read(bytes).Error is not null && RecordingGen.Read(file).Messages.Count == 0;
    });

    [Fact]
    public void Random_body_is_a_message_or_none() => Gen.Byte.Array[0, 60].Sample(static body => MessageBody.TryRead(body, out MqttMessage? message) == (message is not null));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Seeking_finds_the_first_message_that_is_not_before(bool isComplete) => Gen.Select(RecordingGen.Messages, Gen.Int[0, 9000]).Sample((messages, milliseconds) =>
    {
        TimeSpan from = TimeSpan.FromMilliseconds(milliseconds);

        (List<RecordedMessage> read, _, string? error) = RecordingGen.Read(RecordingGen.Write(messages, isComplete), from);

        return error is null && RecordingGen.Same(read, [.. messages.Where(message => message.Time >= from)]);
    });

    [Fact]
    public void Seeking_in_a_long_recording_reads_little_of_it()
    {
        RecordedMessage[] messages = [.. Enumerable.Range(0, 20_000).Select(static i => new RecordedMessage(
            TimeSpan.FromMilliseconds(i), new MqttMessage { Topic = string.Create(CultureInfo.InvariantCulture, $"t/{i}"), Payload = new byte[400] }))];
        using CountingStream stream = new(RecordingGen.Write(messages));
        RecordingReader reader = new(stream, "x.rec");
        stream.BytesRead = 0;

        reader.Seek(TimeSpan.FromMilliseconds(15_000));

        Assert.Equal("t/15000", reader.Next()?.Message.Topic);
        Assert.InRange(stream.BytesRead, 1, 8_000);
    }

    [Theory]
    [InlineData("", "is no recording of starling")]
    [InlineData("STARLRE", "is no recording of starling")]
    [InlineData("something else, and long enough for a head", "is no recording of starling")]
    [InlineData("STARLREC", "is cut off at offset 8, before the first message")]
    [InlineData("STARLREC and more that is no right head", "is damaged at offset 0")]
    public void What_is_no_recording_is_said(string content, string said)
    {
        Assert.Contains(said, RecordingGen.Read(System.Text.Encoding.ASCII.GetBytes(content)).Error, StringComparison.Ordinal);
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; set; }

        public override int Read(Span<byte> buffer)
        {
            int count = base.Read(buffer);
            BytesRead += count;
            return count;
        }
    }
}
