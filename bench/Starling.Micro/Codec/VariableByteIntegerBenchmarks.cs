using BenchmarkDotNet.Attributes;
using Starling.Protocol.Packets;

namespace Starling.Micro.Codec;

/// <summary>A length of one to four bytes.</summary>
public class VariableByteIntegerBenchmarks
{
    private readonly byte[] _bytes = new byte[VariableByteInteger.BytesMax];

    [Params(100U, 10_000U, 1_000_000U, 100_000_000U)]
    public uint Value { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Write();
        if (Read() != Value)
        {
            throw new InvalidOperationException("What was written is not read.");
        }
    }

    [Benchmark]
    public uint Read()
    {
        VariableByteInteger.TryRead(_bytes, out uint value, out _);
        return value;
    }

    [Benchmark]
    public int Write() => VariableByteInteger.Write(_bytes, Value);
}
