using System.Diagnostics;
using System.Globalization;

namespace ClientBench;

/// <summary>
/// Measures one client library in one direction, for bench/client.py: prints messages, seconds, CPU seconds of this process and bytes
/// allocated, as JSON. <c>publish</c> sends and counts what it sends; <c>receive</c> prints <c>ready</c>, and counts what somebody else sends.
/// </summary>
internal static class Program
{
    public const string Topic = "bench/clients/topic";

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var library, var direction, var qosText, var portText, var messagesText, var warmUpText, var sizeText, var windowText]
            || !Array.TrueForAll(args[2..], text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            await Console.Error.WriteLineAsync("usage: ClientBench starling|mqttnet publish|receive QOS PORT MESSAGES WARMUP SIZE WINDOW");
            return 64;
        }

        (int qos, int messages, int warmUp) = (Number(qosText), Number(messagesText), Number(warmUpText));
        await using IBenchClient client = library == "starling" ? new StarlingBenchClient() : new MqttNetBenchClient();
        await client.ConnectAsync(Number(portText));
        if (direction == "receive")
        {
            await ReceiveAsync(client, qos, messages, warmUp);
            return 0;
        }

        byte[] payload = new byte[Number(sizeText)];
        await PublishAsync(client, qos, payload, warmUp, Number(windowText));
        Reading begin = Reading.Take();
        await PublishAsync(client, qos, payload, messages, Number(windowText));
        Console.WriteLine(begin.Since(messages));
        return 0;
    }

    private static async Task ReceiveAsync(IBenchClient client, int qos, int messages, int warmUp)
    {
        TaskCompletionSource<string> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int received = 0;
        Reading begin = default;
        await client.SubscribeAsync(qos, () =>
        {
            received++;
            if (received == warmUp)
            {
                begin = Reading.Take();
            }
            else if (received == warmUp + messages)
            {
                done.TrySetResult(begin.Since(messages));
            }
        });
        Console.WriteLine("ready");
        Console.WriteLine(await done.Task);
    }

    // Some are under way at a time, as in a program that does not wait for each.
    private static async Task PublishAsync(IBenchClient client, int qos, byte[] payload, int messages, int window)
    {
        Queue<Task> open = new(window);
        for (int i = 0; i < messages; i++)
        {
            if (open.Count == window)
            {
                await open.Dequeue();
            }

            open.Enqueue(client.PublishAsync(qos, payload));
        }

        await Task.WhenAll(open);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct Reading(long Timestamp, TimeSpan Cpu, long Allocated)
    {
        public static Reading Take()
        {
            using Process self = Process.GetCurrentProcess();
            return new Reading(Stopwatch.GetTimestamp(), self.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        }

        public string Since(int messages)
        {
            Reading end = Take();
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"messages\": {messages}, \"seconds\": {Stopwatch.GetElapsedTime(Timestamp, end.Timestamp).TotalSeconds:F6}, \"cpu\": {(end.Cpu - Cpu).TotalSeconds:F6}, \"bytes\": {end.Allocated - Allocated}}}");
        }
    }
}
