using System.Text;
using BenchmarkDotNet.Attributes;
using Starling.Protocol.Topics;

namespace Starling.Micro.Codec;

/// <summary>The checks of a Topic Name and of a Topic Filter.</summary>
public class TopicBenchmarks
{
    private byte[] _name = [];
    private byte[] _filter = [];

    [Params("plant3/line17/device4711/temperature", "工場3/ライン17/装置4711/温度")]
    public string Topic { get; set; } = "";

    [GlobalSetup]
    public void Encode()
    {
        _name = Encoding.UTF8.GetBytes(Topic);
        _filter = Encoding.UTF8.GetBytes($"{Topic}/+/#");
        if (!IsValidName() || !IsValidFilter())
        {
            throw new InvalidOperationException($"{Topic} is not taken.");
        }
    }

    [Benchmark]
    public bool IsValidName() => TopicName.IsValid(_name);

    [Benchmark]
    public bool IsValidFilter() => TopicFilter.IsValid(_filter);
}
