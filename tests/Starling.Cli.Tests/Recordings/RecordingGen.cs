using CsCheck;
using Starling.Cli.Recordings;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Tests.Recordings;

/// <summary>Makes recordings of every kind.</summary>
internal static class RecordingGen
{
    public static readonly FileHead Head = new(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero), IsAnonymised: false);

    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.OneOf(Gen.Const(""), Gen.Const("äöü€"), Gen.Const("𝄞 clef"), Gen.Const("a/b")));
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 40];
    private static readonly Gen<UserProperty> Property = Gen.Select(Text, Text, static (name, value) => new UserProperty(name, value));

    public static readonly Gen<MqttMessage> Message =
        from topic in Gen.String[Gen.Char.AlphaNumeric, 1, 20]
        from flags in Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool.Nullable())
        from texts in Gen.Select(Text.Null(), Text.Null(), Gen.UInt.Nullable())
        from bytes in Gen.Select(Bytes, Bytes)
        from properties in Property.Array[0, 3]
        select new MqttMessage
        {
            Topic = topic,
            Qos = (QualityOfService)flags.Item1,
            Retain = flags.Item2,
            PayloadIsUtf8 = flags.Item3,
            ContentType = texts.Item1,
            ResponseTopic = texts.Item2,
            Expiry = texts.Item3 is uint seconds ? TimeSpan.FromSeconds(seconds) : null,
            CorrelationData = bytes.Item1,
            Payload = bytes.Item2,
            UserProperties = UserProperties.Create(properties),
        };

    /// <summary>Messages at times that do not go back, several at one time among them.</summary>
    public static readonly Gen<RecordedMessage[]> Messages =
        from steps in Gen.Select(Gen.Int[0, 3], Message).Array[0, 12]
        select steps.Aggregate(
            new List<RecordedMessage>(),
            static (list, step) =>
            {
                TimeSpan before = list.Count == 0 ? TimeSpan.Zero : list[^1].Time;
                list.Add(new RecordedMessage(before + TimeSpan.FromMilliseconds(250 * step.Item1), step.Item2));
                return list;
            },
            static list => list.ToArray());

    public static byte[] Write(IEnumerable<RecordedMessage> messages, bool isComplete = true)
    {
        using MemoryStream stream = new();
        RecordingWriter writer = new(stream, Head);
        TimeSpan end = TimeSpan.Zero;
        foreach (RecordedMessage message in messages)
        {
            writer.Append(message.Time, message.Message);
            end = message.Time;
        }

        if (isComplete)
        {
            writer.Complete(end + TimeSpan.FromSeconds(1));
        }

        return stream.ToArray();
    }

    /// <summary>All that can be read, and the error that ended it.</summary>
    public static (List<RecordedMessage> Messages, long? CutAt, string? Error) Read(byte[] bytes, TimeSpan from = default)
    {
        List<RecordedMessage> read = [];
        try
        {
            using MemoryStream stream = new(bytes);
            RecordingReader reader = new(stream, "x.rec");
            try
            {
                reader.Seek(from);
                while (reader.Next() is RecordedMessage message)
                {
                    read.Add(message);
                }
            }
            catch (RecordingException e)
            {
                return (read, reader.CutAt, e.Message);
            }

            return (read, reader.CutAt, null);
        }
        catch (RecordingException e)
        {
            return (read, null, e.Message);
        }
    }

    public static bool Same(RecordedMessage left, RecordedMessage right)
    {
        MqttMessage a = left.Message;
        MqttMessage b = right.Message;
        return left.Time == right.Time && a.Topic == b.Topic && a.Qos == b.Qos && a.Retain == b.Retain && a.PayloadIsUtf8 == b.PayloadIsUtf8
            && a.ContentType == b.ContentType && a.ResponseTopic == b.ResponseTopic && a.Expiry == b.Expiry
            && a.CorrelationData.Span.SequenceEqual(b.CorrelationData.Span) && a.Payload.Span.SequenceEqual(b.Payload.Span)
            && a.UserProperties.SequenceEqual(b.UserProperties);
    }

    public static bool Same(IReadOnlyList<RecordedMessage> left, IReadOnlyList<RecordedMessage> right) =>
        left.Count == right.Count && left.Zip(right).All(static pair => Same(pair.First, pair.Second));
}
