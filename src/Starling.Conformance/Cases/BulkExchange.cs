using System.Globalization;
using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>
/// Very many numbered messages from one publisher to one subscriber: as many on the way as the server takes, but never so many that a
/// server with a short queue would have to drop some. Counts what was accepted and what came, and demands that it comes in order.
/// </summary>
internal sealed class BulkExchange(CaseRun run, WireClient publisher, WireClient subscriber, string topic, int qos)
{
    private const int OpenMax = 200;

    // A server of 3.x cannot say how many it takes at once; what is above that may wait in other places, and come as those become free.
    private const int OpenMaxOf3x = 20;
    private const int BacklogMax = 500;

    // At QoS 0 what has not come in so much silence may be lost.
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(2);

    private readonly int _openMax = run.IsV5 ? Math.Min(run.Server.ReceiveMaximum, OpenMax) : OpenMaxOf3x;
    private int _published;
    private int _accepted;
    private int _last;

    /// <summary>How many messages have come; those of QoS 0 count that were lost.</summary>
    public int Received { get; private set; }

    /// <summary>A Packet Identifier of the subscriber that no new message may have; 0: none.</summary>
    public int OpenIdentifier { get; set; }

    /// <summary>Publishes up to this count in all, and takes the deliveries.</summary>
    /// <param name="count">The count, from the very first message on.</param>
    /// <param name="silence">How long nothing may come while something is due; null: as long as the target is given for everything.</param>
    /// <returns>False when nothing came for so long.</returns>
    public async Task<bool> RunAsync(int count, TimeSpan? silence = null)
    {
        while (Received < count)
        {
            await PublishSomeAsync(count);
            if (_accepted < _published)
            {
                await TakeAnswersAsync();
            }

            if (Received < _accepted && !await TakeDeliveriesAsync(qos == 0 ? LostAfter : silence))
            {
                if (qos > 0)
                {
                    return false;
                }

                run.Note("QoS 0 messages of a publisher in a hurry", "may be lost");
                Received = _accepted;
            }
        }

        run.Require(_last > 0, "no message came");
        return true;
    }

    private async Task PublishSomeAsync(int count)
    {
        int room = Math.Min(BacklogMax - (_published - Received), qos == 0 ? BacklogMax : _openMax - (_published - _accepted));
        ByteWriter bytes = new();
        for (; room > 0 && _published < count; room--)
        {
            string number = (++_published).ToString(CultureInfo.InvariantCulture);
            bytes.Raw(PacketBytes.Publish(run.Version, new WireMessage(topic, number) { Qos = qos }, publisher.NextIdentifier()));
        }

        await publisher.SendAsync(bytes.ToArray());
        if (qos == 0)
        {
            _accepted = _published;
        }
    }

    private async Task TakeAnswersAsync()
    {
        IReadOnlyList<WirePacket> answers = await publisher.ReadAllAsync();
        run.Require(answers.Count > 0, $"answers to {_published - _accepted} messages of the publisher were due; nothing came");
        ByteWriter bytes = new();
        foreach (WirePacket answer in answers)
        {
            run.Require(
                answer.Type is PacketType.PubAck or PacketType.PubRec or PacketType.PubComp && answer.Reason < ReasonCode.UnspecifiedError,
                $"answers of success were due; there came {answer}");
            if (answer.Type == PacketType.PubRec)
            {
                bytes.Raw(PacketBytes.Acknowledge(PacketType.PubRel, answer.Identifier));
            }
            else
            {
                _accepted++;
            }
        }

        await publisher.SendAsync(bytes.ToArray());
    }

    private async Task<bool> TakeDeliveriesAsync(TimeSpan? silence)
    {
        IReadOnlyList<WirePacket> packets = await subscriber.ReadAllAsync(silence);
        run.Require(
            packets.Count > 0 || (silence is not null && !subscriber.IsClosed),
            $"message {Received + 1} was due; {(subscriber.IsClosed ? "the connection was closed" : "nothing came")}");
        ByteWriter bytes = new();
        foreach (WirePacket packet in packets)
        {
            if (packet.Type == PacketType.PubRel)
            {
                bytes.Raw(PacketBytes.Acknowledge(PacketType.PubComp, packet.Identifier));
                continue;
            }

            CheckNext(packet);
            if (packet.Qos > 0)
            {
                bytes.Raw(PacketBytes.Acknowledge(packet.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, packet.Identifier));
            }
        }

        await subscriber.SendAsync(bytes.ToArray());
        return packets.Count > 0;
    }

    /// <summary>The next number; at QoS 0 some may be lost.</summary>
    private void CheckNext(WirePacket packet)
    {
        run.RequireEqual(PacketType.Publish, packet.Type, "the next packet to the subscriber");
        run.Require(
            int.TryParse(packet.Text, CultureInfo.InvariantCulture, out int number)
                && (qos == 0 ? number > _last : number == _last + 1),
            $"message {_last + 1} was due; there came '{packet.Text}'");
        run.Require(
            OpenIdentifier == 0 || packet.Identifier != OpenIdentifier,
            $"message {number} came with Packet Identifier {packet.Identifier}, which still waits for its PUBCOMP");
        _last = number;
        Received = Math.Max(Received, number);
    }
}
