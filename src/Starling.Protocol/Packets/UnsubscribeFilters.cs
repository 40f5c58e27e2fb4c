using System.Buffers.Binary;

namespace Starling.Protocol.Packets;

/// <summary>The filters of an UNSUBSCRIBE, for foreach.</summary>
public readonly ref struct UnsubscribeFilters
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal UnsubscribeFilters(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Starts at the first filter.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Goes from filter to filter.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The filter that was moved to.</summary>
        public UnsubscribeFilter Current { get; private set; }

        /// <summary>Goes to the next filter, if there is one.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int end = sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(_rest);
            Current = new UnsubscribeFilter { Filter = _rest[sizeof(ushort)..end] };
            _rest = _rest[end..];
            return true;
        }
    }
}
