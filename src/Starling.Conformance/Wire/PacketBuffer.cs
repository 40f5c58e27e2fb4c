using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Conformance.Wire;

/// <summary>Received bytes, from which packets are cut.</summary>
internal sealed class PacketBuffer(MqttVersion version)
{
    private const int LengthFieldBytesMax = 4;
    private const int InitialBytes = 4096;
    private const int ShownBytesMax = 32;

    private byte[] _bytes = new byte[InitialBytes];
    private int _start;
    private int _end;

    /// <summary>Room for more bytes.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes have come into the room.</summary>
    public void Add(int count) => _end += count;

    /// <summary>The next packet; null when it is not complete.</summary>
    public WirePacket? Take()
    {
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(_start, _end - _start);
        int length = 0;
        for (int i = 1; i < bytes.Length; i++)
        {
            length |= (bytes[i] & 127) << (7 * (i - 1));
            if (bytes[i] >= 128 && i == LengthFieldBytesMax)
            {
                string shown = Convert.ToHexString(bytes[..Math.Min(bytes.Length, ShownBytesMax)]);
                throw new CaseFailedException($"the server sent a packet whose length has no end: {shown}");
            }

            if (bytes[i] >= 128)
            {
                continue;
            }

            if (bytes.Length < 1 + i + length)
            {
                return null;
            }

            _start += 1 + i + length;
            return WirePacket.Read(version, bytes[0], bytes.Slice(1 + i, length), i, i == 1 || bytes[i] != 0);
        }

        return null;
    }
}
