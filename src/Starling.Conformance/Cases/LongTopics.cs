using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Topics of the greatest length there is. A server may set a lower limit, of any kind.</summary>
internal static class LongTopics
{
    private const int LengthBytes = ushort.MaxValue;

    /// <summary>What a packet has beside its topic, at most.</summary>
    private const int OverheadBytes = 100;

    public static string New(CaseRun run)
    {
        if (run.Server.MaximumPacketSize < LengthBytes + OverheadBytes)
        {
            run.Skip("the server's Maximum Packet Size is too small for the longest topic");
        }

        return (run.NewTopic() + "/").PadRight(LengthBytes, 'x');
    }

    /// <summary>A client that is subscribed to the topic.</summary>
    public static async Task<WireClient> SubscribeAsync(CaseRun run, string topic)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], (topic, 2)));
        WirePacket? answer = await run.ReadAnswerAsync(
            client,
            PacketType.SubAck,
            ReasonCode.TopicFilterInvalid,
            ReasonCode.PacketTooLarge,
            ReasonCode.QuotaExceeded,
            ReasonCode.ImplementationSpecificError);
        if (answer is null || answer.Codes is [>= 0x80])
        {
            run.Skip("the server sets a lower limit to the length of topics");
        }

        return client;
    }
}
