using System.Runtime.InteropServices;
using Starling.CommitLog;
using Starling.Storage.Records;

namespace Starling.Storage.Upkeep;

/// <summary>Appends the records that say what compaction has moved, as the log has room for them. Of the worker.</summary>
internal sealed class MoveAppending(StoreParts parts)
{
    private const int MovesOfRecordMax = 512;

    private int _nextDelivery;
    private int _nextRetained;

    public List<DeliveryMove> Deliveries { get; } = [];

    public List<RetainedMove> Retained { get; } = [];

    /// <summary>The frame of the last record.</summary>
    public ulong FrameLsn { get; private set; }

    public void Clear()
    {
        Deliveries.Clear();
        Retained.Clear();
        _nextDelivery = 0;
        _nextRetained = 0;
        FrameLsn = 0;
    }

    /// <summary>Appends what has room. True when everything is appended.</summary>
    public bool TryAppend(ulong from, ulong to)
    {
        int most = Math.Clamp(parts.Options.Log.FrameBytes / 256, 1, MovesOfRecordMax);
        while (_nextDelivery < Deliveries.Count)
        {
            ReadOnlySpan<DeliveryMove> moves = CollectionsMarshal.AsSpan(Deliveries)[_nextDelivery..];
            moves = moves[..Math.Min(moves.Length, most)];
            int length = MoveFormat.MeasureDeliveries(moves.Length);
            if (!TryReserve(length, out LogReservation reservation))
            {
                return false;
            }

            MoveFormat.WriteDeliveries(reservation.Span, length, from, to, moves);
            Complete(reservation);
            _nextDelivery += moves.Length;
        }

        while (_nextRetained < Retained.Count)
        {
            // Topics may be long, so each retained message has a record of its own.
            ReadOnlySpan<RetainedMove> moves = CollectionsMarshal.AsSpan(Retained).Slice(_nextRetained, 1);
            int length = MoveFormat.MeasureRetained(moves);
            if (!TryReserve(length, out LogReservation reservation))
            {
                return false;
            }

            MoveFormat.WriteRetained(reservation.Span, length, from, to, moves);
            Complete(reservation);
            _nextRetained++;
        }

        return true;
    }

    private bool TryReserve(int length, out LogReservation reservation) =>
        parts.Appends.TryReserve(RecordFormat.Padded(length), takesSpace: false, out reservation);

    private void Complete(LogReservation reservation)
    {
        FrameLsn = reservation.FrameLsn;
        int bytes = reservation.Span.Length;
        reservation.Complete();
        parts.Appends.Appended(bytes, isAwaited: true);
    }
}
