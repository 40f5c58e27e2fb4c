using CsCheck;
using Starling.Storage.Checkpoints;
using Starling.Storage.Records;
using Starling.Storage.State;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.State;

public sealed class StoreStateTests
{
    [Fact]
    public void The_index_is_what_a_plain_model_says() => Gen.Int.Sample(
        seed =>
        {
            Workload workload = new(seed);
            StoreState state = new();
            for (ulong lsn = 1; lsn <= 30; lsn++)
            {
                StateSamples.Apply(state, [.. workload.Next().Select(StateSamples.Encode)], lsn);
            }

            Assert.Equal(workload.Model.Describe(withMessages: false), StateSamples.Describe(state, withSegments: false));
        },
        iter: 100);

    [Fact]
    public void References_into_a_segment_are_those_in_the_index() => Gen.Int.Sample(
        seed =>
        {
            Workload workload = new(seed);
            StoreState state = new();
            for (ulong lsn = 1; lsn <= 30; lsn++)
            {
                StateSamples.Apply(state, [.. workload.Next().Select(StateSamples.Encode)], lsn);
            }

            long deliveries = workload.Model.Sessions.Values.Sum(session => session.Deliveries.Values.Count(delivery => delivery.Message is not null));
            long retained = workload.Model.Retained.Values.Count(entry => entry.Message is not null);
            Assert.Equal(deliveries + retained, state.Segments.LiveReferences);
            Assert.Equal(deliveries + retained, state.Segments.All.Sum(use => use.LiveReferences));
        },
        iter: 50);

    [Fact]
    public void A_checkpoint_taken_in_pieces_and_the_log_after_its_beginning_give_the_same_index() => Gen.Select(Gen.Int, Gen.Int[1, 20]).Sample(
        (seed, firstLsn) =>
        {
            Workload workload = new(seed);
            Random random = new(seed);
            StoreState state = new();
            List<List<byte[]>> frames = [];
            RecordBuffer file = new();
            CheckpointCapture? capture = null;
            for (ulong lsn = 1; lsn <= 60; lsn++)
            {
                List<byte[]> frame = [.. workload.Next().Select(StateSamples.Encode)];
                frames.Add(frame);
                StateSamples.Apply(state, frame, lsn);
                capture ??= lsn >= (ulong)firstLsn ? new CheckpointCapture(state, 0) : null;
                if (capture is { IsDone: false } && lsn < 55)
                {
                    capture.Fill(file, file.Length + random.Next(1, 20_000));
                }
            }

            Assert.NotNull(capture);
            while (!capture.IsDone)
            {
                capture.Fill(file, int.MaxValue);
            }

            StoreState loaded = LoadedState.Load(file.Bytes.ToArray(), capture.StartLsn);
            for (ulong lsn = capture.StartLsn + 1; lsn <= 60; lsn++)
            {
                StateSamples.Apply(loaded, frames[(int)lsn - 1], lsn);
            }

            Assert.Equal(StateSamples.Describe(state, withSegments: true), StateSamples.Describe(loaded, withSegments: true));
        },
        iter: 200);
}
