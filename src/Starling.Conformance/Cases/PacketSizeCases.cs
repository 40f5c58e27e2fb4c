using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The Maximum Packet Size that a server announces.</summary>
internal static class PacketSizeCases
{
    /// <summary>A limit above it is not tried out with a packet of that size.</summary>
    private const int TriedBytesMax = 16 * 1024 * 1024;

    private const string NoLimit = "the server announces no Maximum Packet Size";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A packet over the Maximum Packet Size of the server ends the connection before all of it is there", ["U5-42"], OversizeAsync)
        {
            IsAdvice = true,
        },
        new("A packet of just one byte too many ends the connection", ["MQTT-3.2.2-15", "U5-42"], OneTooManyAsync) { Kind = CaseKind.Bulk },
        new("A packet of exactly the Maximum Packet Size of the server is taken", ["MQTT-3.2.2-15", "U5-42"], LargestAsync)
        {
            Kind = CaseKind.Bulk,
        },
    ];

    private static async Task OversizeAsync(CaseRun run)
    {
        long limit = LimitOf(run);
        WireClient client = await run.ConnectAsync();
        byte[] begin = new ByteWriter().Byte(0x30).VariableByte((int)limit).Text(run.NewTopic()).Byte(0).ToArray();
        await client.SendAsync(begin);
        await client.ExpectEndAsync(ReasonCode.PacketTooLarge);
    }

    private static async Task OneTooManyAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendRefusedAsync(PublishOfSize(run, run.NewTopic(), TriedLimitOf(run) + 1), ReasonCode.PacketTooLarge);
    }

    private static async Task LargestAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        byte[] publish = PublishOfSize(run, topic, TriedLimitOf(run));
        await client.SendAsync(publish);
        WirePacket delivery = await client.ReceiveAsync();
        run.RequireEqual(publish.Length, delivery.SizeBytes, "the size of the packet that came back");
    }

    private static byte[] PublishOfSize(CaseRun run, string topic, int sizeBytes)
    {
        WireMessage empty = new(topic, []);
        int payloadBytes = sizeBytes - PacketBytes.Publish(run.Version, empty).Length;
        while (PacketBytes.Publish(run.Version, empty with { Payload = new byte[payloadBytes] }).Length > sizeBytes)
        {
            payloadBytes--;
        }

        return PacketBytes.Publish(run.Version, empty with { Payload = new byte[payloadBytes] });
    }

    private static long LimitOf(CaseRun run)
    {
        const int RemainingLengthMax = 268_435_455;
        long? limit = run.Server.MaximumPacketSize;
        if (limit is null)
        {
            run.Skip(NoLimit);
        }

        if (limit > RemainingLengthMax)
        {
            run.Skip($"no packet is larger than the Maximum Packet Size of the server, {limit} bytes");
        }

        return limit.Value;
    }

    private static int TriedLimitOf(CaseRun run)
    {
        long limit = LimitOf(run);
        if (limit > TriedBytesMax)
        {
            run.Skip($"the Maximum Packet Size of the server, {limit} bytes, is too much to be tried out");
        }

        return (int)limit;
    }
}
