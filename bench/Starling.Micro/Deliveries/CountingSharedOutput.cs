using Starling.Protocol.Loops;

namespace Starling.Micro.Deliveries;

/// <summary>What outputs have in common, counted for each; one is used again in the next iteration.</summary>
internal sealed class CountingSharedOutput : ISharedOutput
{
    private readonly List<CountingOutput> _members = [];
    private byte[] _buffer = new byte[1024];

    public bool IsOpen => true;

    public void Clear() => _members.Clear();

    public void Add(IConnectionOutput output) => _members.Add((CountingOutput)output);

    public Span<byte> GetSpan(int length)
    {
        if (length > _buffer.Length)
        {
            _buffer = new byte[length * 2];
        }

        return _buffer;
    }

    public void Advance(int length)
    {
        foreach (CountingOutput member in _members)
        {
            member.Advance(length);
        }
    }
}
