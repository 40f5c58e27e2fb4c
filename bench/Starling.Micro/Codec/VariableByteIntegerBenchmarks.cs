using BenchmarkDotNet.Attributes;
using Starling.Protocol.Packets;

namespace Starling.Micro.Codec;

/// <summary>A length of one to four bytes.</summary>
public class VariableByteIntegerBenchmarks
{
    // One takes about as long as the call of the benchmark itself.
    private const int Repetitions = 64;

    private readonly byte[] _bytes = new byte[VariableByteInteger.BytesMax];

    [Params(100U, 10_000U, 1_000_000U, 100_000_000U)]
    public uint Value { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Write();
        if (Read() != (ulong)Value * Repetitions)
        {
            throw new InvalidOperationException("What was written is not read.");
        }
    }

    [Benchmark(OperationsPerInvoke = Repetitions)]
    public ulong Read()
    {
        ulong sum = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            VariableByteInteger.TryRead(_bytes, out uint value, out _);
            sum += value;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Repetitions)]
    public int Write()
    {
        int bytes = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            bytes += VariableByteInteger.Write(_bytes, Value);
        }

        return bytes;
    }
}
