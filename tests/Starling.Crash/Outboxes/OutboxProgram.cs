using System.Globalization;
using System.Text;
using Faults;
using Starling.Client;
using Starling.CommitLog;
using Starling.Protocol;

namespace Starling.Crash.Outboxes;

/// <summary>
/// The process that is killed: a client with an outbox file that enqueues as fast as it can, QoS 1 and 2 in turn, and prints
/// <c>stored N</c> when a ticket has returned. With a limit of 0 it only sends what is left, and prints <c>drained</c>.
/// </summary>
internal static class OutboxProgram
{
    /// <summary>The name of the client, and the beginning of the topics of its messages.</summary>
    public const string Name = "outbox";

    private const int WindowMessages = 64;
    private const int FillBytes = 100;

    public static async Task<int> RunAsync(OutboxLayer layer, string directory, int port, int life, int limit)
    {
        MqttClientOptions options = MqttClientOptions.Parse(string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{port}?clientId={Name}"));
        options.Outbox = OutboxOptions.File(directory, 4 << 20) with { Directory = Open(layer, new LogDirectory(directory)) };
        await using MqttClient client = new(options);
        await client.ConnectAsync().ConfigureAwait(false);
        Console.WriteLine("ready");
        Queue<(int Number, Task<OutboxTicket> Ticket)> window = new();
        for (int number = 0; number < limit || window.Count > 0; number++)
        {
            if (number < limit)
            {
                window.Enqueue((number, client.EnqueueAsync(Message(life, number)).AsTask()));
            }

            if (window.Count >= WindowMessages || number >= limit)
            {
                (int stored, Task<OutboxTicket> ticket) = window.Dequeue();
                await ticket.ConfigureAwait(false);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored {stored}"));
            }
        }

        await DrainAsync(client).ConfigureAwait(false);
        Console.WriteLine("drained");
        return 0;
    }

    private static ILogDirectory Open(OutboxLayer layer, LogDirectory real) => layer switch
    {
        OutboxLayer.Plain => real,
        OutboxLayer.ForgetsPubRec => new RewritingDirectory(real, ForgetPubRec),
        _ => new PowerCutDirectory(real) { IgnoreSync = layer == OutboxLayer.PowerCutNoSync },
    };

    private static MqttMessage Message(int life, int number) => new()
    {
        Topic = $"{Name}/{1 + (number % 2)}",
        Payload = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{life} {number} {new string('x', FillBytes)}")),
        Qos = (QualityOfService)(1 + (number % 2)),
    };

    private static async Task DrainAsync(MqttClient client)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (client.Outbox.Messages > 0)
        {
            await look.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }

    private static void ForgetPubRec(in RecordHeader header, Span<byte> content)
    {
        if (header.Type == 2)
        {
            content[0] = 0;
        }
    }
}
