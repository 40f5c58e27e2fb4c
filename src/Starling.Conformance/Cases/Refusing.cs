using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Requests that a server may refuse in its answer, or by ending the connection.</summary>
internal static class Refusing
{
    /// <summary>The answer to a request; null when the server has ended the connection, which may say why.</summary>
    public static async Task<WirePacket?> ReadAnswerAsync(
        this CaseRun run, WireClient client, PacketType answer, params ReasonCode[] allowed)
    {
        WirePacket? packet = await client.ReadAsync();
        if (packet is null || packet.Type == answer)
        {
            return packet;
        }

        run.Require(run.IsV5 && packet.Type == PacketType.Disconnect, $"{answer} or the end of the connection was due; {packet}");
        run.Require(
            allowed.Contains(packet.Reason), $"{packet} came; allowed: {string.Join(", ", allowed.Select(code => $"{(int)code:X2}"))}");
        run.Require(await client.ReadAsync() is null, "the connection should have been closed after DISCONNECT");
        return null;
    }

    /// <summary>A filter that is not well formed is not granted, or ends the connection.</summary>
    public static async Task RequireFilterRefusedAsync(this CaseRun run, string filter)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], (filter, 0)));
        WirePacket? answer = await run.ReadAnswerAsync(
            client, PacketType.SubAck, ReasonCode.TopicFilterInvalid, ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
        run.Require(answer is null || answer.Codes is [>= 0x80], $"the filter should have been refused; {answer}");
        run.Note(
            "answers a filter that is not well formed with", answer is null ? "the end of the connection" : $"SUBACK {answer.Codes[0]:X2}");
    }

    /// <summary>A filter is granted.</summary>
    public static async Task RequireFilterGrantedAsync(this CaseRun run, string filter)
    {
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((filter, 0));
    }
}
