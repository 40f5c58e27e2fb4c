using System.Buffers.Binary;

namespace Starling.Protocol.Packets;

/// <summary>The filters of a SUBSCRIBE, for foreach.</summary>
public readonly ref struct SubscribeFilters
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal SubscribeFilters(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Starts at the first filter.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Goes from filter to filter.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The filter that was moved to.</summary>
        public SubscribeFilter Current { get; private set; }

        /// <summary>Goes to the next filter, if there is one.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int optionsOffset = sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(_rest);
            Current = SubscribeFilter.FromOptions(_rest[sizeof(ushort)..optionsOffset], _rest[optionsOffset]);
            _rest = _rest[(optionsOffset + 1)..];
            return true;
        }
    }
}
