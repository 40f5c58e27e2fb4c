using CsCheck;
using Faults;
using Starling.Storage.Checkpoints;
using Starling.Storage.Records;
using Starling.Storage.State;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.State;

namespace Starling.Storage.Tests.Checkpoints;

public sealed class CheckpointTests
{
    [Fact]
    public void A_checkpoint_is_taken_down_in_pieces_of_at_most_256_KiB()
    {
        CheckpointCapture capture = new(Filled(200), 0);
        RecordBuffer buffer = new();
        while (!capture.IsDone)
        {
            buffer.Clear();
            capture.Fill(buffer, 192 << 10);
            Assert.InRange(buffer.Length, 1, 256 << 10);
        }
    }

    [Fact]
    public void Any_damage_to_a_checkpoint_is_noticed()
    {
        byte[] whole = Take(Filled(12));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7], Gen.Bool).Sample(
            (at, bit, isCut) =>
            {
                byte[] damaged = isCut ? whole[..at] : [.. whole];
                if (!isCut)
                {
                    damaged[at] ^= (byte)(1 << bit);
                }

                // The padding of a record is covered by nothing, and means nothing.
                if (LoadedState.TryLoad(damaged, 12, out string damage) is { } state)
                {
                    Assert.Equal(StateSamples.Describe(LoadedState.Load(whole, 12), true), StateSamples.Describe(state, true));
                }
                else
                {
                    Assert.Contains("offset", damage, StringComparison.Ordinal);
                }
            },
            iter: 2000);
    }

    [Fact]
    public void A_manifest_is_read_as_it_was_written()
    {
        MemoryLogDirectory directory = new();
        directory.CreateFolder("");
        Manifest manifest = new() { StoreId = [.. Enumerable.Range(0, 16).Select(i => (byte)i)], Generation = 3, NextSegmentId = 4, NewestCheckpoint = 9, OlderCheckpoint = 5 };
        manifest.Write(directory);

        Manifest read = Assert.IsType<Manifest>(Manifest.Read(directory));

        Assert.Equal(manifest.StoreId, read.StoreId);
        Assert.Equal(manifest with { StoreId = read.StoreId }, read);
    }

    private static StoreState Filled(ulong frames)
    {
        Workload workload = new(5);
        StoreState state = new();
        for (ulong lsn = 1; lsn <= frames; lsn++)
        {
            StateSamples.Apply(state, [.. workload.Next().Select(StateSamples.Encode)], lsn);
        }

        return state;
    }

    private static byte[] Take(StoreState state)
    {
        CheckpointCapture capture = new(state, 0);
        RecordBuffer buffer = new();
        capture.Fill(buffer, int.MaxValue);
        return buffer.Bytes.ToArray();
    }
}
