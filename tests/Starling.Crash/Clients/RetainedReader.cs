using System.Collections.Concurrent;
using System.Globalization;
using Starling.Conformance.Wire;
using Starling.Crash.Ledger;
using Starling.Protocol;

namespace Starling.Crash.Clients;

/// <summary>Reads all retained messages with a new client, and compares them with what was acknowledged.</summary>
internal sealed class RetainedReader(Scene scene, IReadOnlyList<MessageStream> streams, string filter)
{
    private const int ProbeIndex = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private int _reads;

    public async Task CheckAsync(int port)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"reader-{++_reads}");
        ConcurrentDictionary<string, long> values = new();
        MessageStream probe = new(ProbeIndex, $"probe/{name}", 1);
        bool isProbed = false;
        SessionClient client = new(scene, new ClientProfile(name, MqttVersion.V5))
        {
            Watch = packet =>
            {
                Note(values, packet);
                isProbed |= packet.Topic == probe.Topic;
                return false;
            },
        };
        SessionStart start = new() { CleanStart = true, ExpirySeconds = 0 };
        if (await client.ConnectAsync(port, start).ConfigureAwait(false) && await client.SubscribeAsync((filter, 1), (probe.Topic, 1)).ConfigureAwait(false) is not null)
        {
            await scene.WaitAsync(() => streams.All(stream => IsRight(stream, values)), Patience).ConfigureAwait(false);

            // What is still to come, though it should not, comes before a message that is published now.
            bool isSent = false;
            client.Source = () => Interlocked.Exchange(ref isSent, true) ? null : new Draft(probe, probe.Add(), 0);
            client.Fill();
            await scene.WaitAsync(() => isProbed, Patience).ConfigureAwait(false);
            Compare(values);
            await client.DisconnectAsync().ConfigureAwait(false);
        }
        else
        {
            scene.Findings.Add(Fault.Refused, "the reader of retained messages cannot connect and subscribe");
        }
    }

    private static void Note(ConcurrentDictionary<string, long> values, WirePacket packet)
    {
        if (MessageStream.TryRead(packet.Payload, out _, out long number))
        {
            values[packet.Topic] = number;
        }
        else
        {
            values.TryRemove(packet.Topic, out _);
        }
    }

    private static bool IsRight(MessageStream stream, ConcurrentDictionary<string, long> values)
    {
        bool isThere = values.TryGetValue(stream.Topic, out long number);
        return stream.MayBeRetained().Any(message => isThere ? !message.IsDelete && message.Number == number : message.IsDelete);
    }

    private void Compare(ConcurrentDictionary<string, long> values)
    {
        scene.Tally.Add(Count.RetainedChecked, streams.Count);
        foreach (MessageStream stream in streams.Where(stream => !IsRight(stream, values)))
        {
            Published last = stream.MayBeRetained()[0];
            string found = values.TryGetValue(stream.Topic, out long number) ? string.Create(CultureInfo.InvariantCulture, $"number {number}") : "nothing";
            string owed = last.IsDelete ? "its deletion" : "its value";
            scene.Findings.Add(Fault.Retained, $"{stream.Topic} has {found}; {owed} number {last.Number} was acknowledged {scene.When(last.AcknowledgedAt)}");
        }
    }
}
