using Starling.CommitLog;
using Starling.Storage.Opening;
using Starling.Storage.Records;
using Starling.Storage.State;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.State;

/// <summary>Lets an index do what a store does with it, without a log.</summary>
internal static class StateSamples
{
    public static byte[] Encode(Operation operation) => operation.Give(static (scoped in Broker.Ports.StoreRecord record) =>
    {
        int length = RecordEncoder.Measure(record);
        byte[] bytes = new byte[RecordFormat.Padded(length)];
        RecordEncoder.Write(bytes, length, record);
        return bytes;
    });

    /// <summary>Applies encoded records as the frame with this number, in a segment of ten frames.</summary>
    public static void Apply(StoreState state, IReadOnlyList<byte[]> records, ulong lsn)
    {
        long offset = 48;
        foreach (byte[] record in records)
        {
            Assert.True(RecordDecoder.TryDecode(record.AsSpan(0, RecordFormat.LengthOf(record)), out RecordView view));
            state.Apply(view, lsn, new Location(1 + (lsn / 10), offset));
            offset += record.Length;
        }

        state.Lsn = lsn;
    }

    /// <summary>The index in words, without the bytes of messages; the tables of segments too where wanted.</summary>
    public static string Describe(StoreState state, bool withSegments)
    {
        ModelSink sink = new();
        new RecoveryStream(state, sink).GiveSessions();
        for (int slot = 0; slot < state.Retained.Slots.Length; slot++)
        {
            if (state.Retained.Slots[slot] is { IsDeleted: false } retained)
            {
                sink.Model.Retained.Add(System.Text.Encoding.UTF8.GetString(retained.Topic), (retained.Revision, new ModelMessage("", default, false, 0, 0)));
            }
        }

        sink.Model.HighestRevision = state.Retained.HighestRevision;
        IEnumerable<string> segments = state.Segments.All
            .Where(use => use.LiveReferences > 0)
            .OrderBy(use => use.Id)
            .Select(use => $"segment {use.Id}: {use.LiveReferences}");
        return sink.Model.Describe(withMessages: false) + (withSegments ? string.Join('\n', segments) : "");
    }
}
