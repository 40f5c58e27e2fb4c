using System.Buffers.Binary;

namespace Starling.ClientHost;

/// <summary>What both libraries do alike: how much, how large, how many at a time.</summary>
internal sealed record Run(bool IsAcknowledged, int Port, int Messages)
{
    /// <summary>Messages before the measured ones, so that code is compiled and buffers have grown.</summary>
    public const int Warmup = 100_000;

    /// <summary>Callers that publish at QoS 1 at a time; each waits for its acknowledgement.</summary>
    public const int Callers = 100;

    public const string Topic = "clients/one";

    /// <summary>On this topic a receiver tells its feeder of every thousandth message.</summary>
    public const string ProgressTopic = "clients/progress";

    /// <summary>How many messages stand between two of those.</summary>
    public const int ProgressMessages = 1000;

    private const int PayloadBytes = 64;

    /// <summary>A payload of its own for each message, with its number: what an application would hand over.</summary>
    public static byte[] Payload(int number)
    {
        byte[] payload = new byte[PayloadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        return payload;
    }

    /// <summary>Publishes so many messages by the given function: one caller at QoS 0, many at QoS 1.</summary>
    public async Task PublishAsync(int count, Func<byte[], Task> publish)
    {
        int next = 0;
        int callers = IsAcknowledged ? Callers : 1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next) - 1) < count)
            {
                await publish(Payload(number));
            }
        })));
    }
}
