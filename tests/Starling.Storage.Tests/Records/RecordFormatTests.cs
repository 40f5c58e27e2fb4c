using CsCheck;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Protocol;
using Starling.Storage.Records;
using Starling.Storage.State;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.State;

namespace Starling.Storage.Tests.Records;

public sealed class RecordFormatTests
{
    [Fact]
    public void Every_kind_of_record_has_a_sample() =>
        Assert.Equal(Enum.GetValues<StoreRecordKind>(), RecordSamples.All.Select(sample => sample.Kind).Distinct().Order());

    [Fact]
    public void A_message_of_256_bytes_for_one_session_takes_at_most_90_bytes_more()
    {
        Operation message = new()
        {
            Kind = StoreRecordKind.Message,
            Session = 1,
            Epoch = 1,
            Topic = "sensors/building-7/temperature",
            Payload = new byte[256],
            Qos = QualityOfService.AtLeastOnce,
            References = [new(2, 3, QualityOfService.AtLeastOnce, false, 0, null)],
        };

        Assert.InRange(StateSamples.Encode(message).Length, 256, 256 + 90);
    }

    [Fact]
    public void Any_bytes_are_a_record_or_not_and_never_an_exception() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            if (RecordDecoder.TryDecode(bytes, out RecordView record))
            {
                new StoreState().Apply(record, 1, new Location(1, 48));
            }
        },
        iter: 100_000);

    [Fact]
    public void A_damaged_record_is_a_record_or_not_and_never_an_exception() => Gen.Select(
        Gen.Int[0, RecordSamples.All.Count - 1], Gen.Int[8, 300], Gen.Byte, Gen.Int[0, 40]).Sample(
        (sample, at, value, cut) =>
        {
            byte[] record = StateSamples.Encode(RecordSamples.All[sample]);
            record[at % record.Length] = value;
            StoreState state = new();
            if (RecordDecoder.TryDecode(StateSamples.Encode(RecordSamples.All[0]).AsSpan(0, 39), out RecordView opened))
            {
                state.Apply(opened, 1, new Location(1, 48));
            }

            if (RecordDecoder.TryDecode(record.AsSpan(0, Math.Max(0, record.Length - cut)), out RecordView view))
            {
                state.Apply(view, 2, new Location(1, 96));
            }
        },
        iter: 100_000);

    [Fact]
    public void A_record_of_a_later_version_is_skipped_only_if_it_says_so()
    {
        byte[] record = new byte[32];
        new RecordHeader(200, RecordDecoder.SkipFlag, 0, 0, 1).Write(record);
        Assert.True(RecordDecoder.TryDecode(record, out RecordView skipped));
        Assert.Equal(RecordType.None, skipped.Type);

        new RecordHeader(200, 0, 0, 0, 1).Write(record);
        Assert.False(RecordDecoder.TryDecode(record, out _));
    }
}
