using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Two members of a group, one of which has got a message that it has not answered.</summary>
/// <param name="Taker">Who has got it.</param>
/// <param name="TakerFields">How the taker has connected.</param>
/// <param name="Message">What it has got.</param>
/// <param name="Other">Who has not.</param>
internal sealed record SharedPair(WireClient Taker, ConnectFields TakerFields, WirePacket Message, WireClient Other)
{
    public const string Text = "the message in question";

    /// <summary>Publishes one message to a group of two and finds out who has got it.</summary>
    public static async Task<SharedPair> MeetAsync(CaseRun run, int qos, uint expirySeconds)
    {
        string topic = run.NewTopic();
        ConnectFields[] fields = [NewFields(run, expirySeconds), NewFields(run, expirySeconds)];
        WireClient[] members = [await run.ConnectAsync(fields[0]), await run.ConnectAsync(fields[1])];
        foreach (WireClient member in members)
        {
            await member.SubscribeAsync(($"$share/g/{topic}", qos));
        }

        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, Text, qos);
        TimeSpan end = run.Target.Now + run.Target.Patience;
        for (int i = 0; ; i = 1 - i)
        {
            IReadOnlyList<WirePacket> came = await members[i].DrainAsync(TimeSpan.FromMilliseconds(20));
            if (came.FirstOrDefault(packet => packet.Type == PacketType.Publish) is { } message)
            {
                return new SharedPair(members[i], fields[i], message, members[1 - i]);
            }

            run.Require(run.Target.Now < end, "one of two members should have got the message");
        }
    }

    /// <summary>The other member has not got the message, and does not get it.</summary>
    public async Task RequireOtherWithoutAsync(CaseRun run)
    {
        IReadOnlyList<WirePacket> came = await Other.DrainAsync();
        run.Require(
            came.All(packet => packet.Type != PacketType.Publish),
            $"the other member should have got nothing; there came {string.Join(", ", came)}");
    }

    private static ConnectFields NewFields(CaseRun run, uint expirySeconds) =>
        run.NewConnect() with { Properties = Property.SessionExpiryInterval(expirySeconds) };
}
