using Starling.Conformance.Running;
using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>How a server ends a connection that it does not accept.</summary>
internal static class Refusal
{
    /// <summary>
    /// Sends bytes on a new connection. The server ends it, and whatever it says before that does not accept. Which code it says is for
    /// the caller to judge.
    /// </summary>
    /// <returns>The code; null when nothing was said.</returns>
    public static async Task<ReasonCode?> SendAsync(CaseRun run, byte[] bytes)
    {
        WireClient client = await run.OpenAsync();
        await client.SendAsync(bytes);
        return await ExpectAsync(run, client);
    }

    /// <summary>
    /// Sends a CONNECT that breaks the format, which the server refuses for that. A code that refuses the user shows that it has let the
    /// format pass.
    /// </summary>
    public static async Task SendBrokenAsync(CaseRun run, byte[] connect)
    {
        ReasonCode? code = await SendAsync(run, connect);
        bool isLogin = run.IsV5
            ? code is ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized
            : code is (ReasonCode)4 or (ReasonCode)5;
        run.Require(!isLogin, $"the format should have been refused; the code {(int?)code:X2} refuses the user");
    }

    /// <summary>The server ends this connection, on which it has not said anything yet.</summary>
    public static async Task<ReasonCode?> ExpectAsync(CaseRun run, WireClient client)
    {
        WirePacket? answer = await client.ReadAsync();
        if (answer is null)
        {
            run.Note("says before it closes a connection that is not accepted", "nothing");
            return null;
        }

        bool mayBeSaid = answer.Type is PacketType.ConnAck or PacketType.Disconnect && answer.Reason != ReasonCode.Success;
        run.Require(mayBeSaid, $"the connection should have been refused; {answer} came");
        run.Note("says before it closes a connection that is not accepted", answer.ToString());
        await ExpectEndAsync(run, client, answer);
        return answer.Reason;
    }

    /// <summary>The connection ends behind this packet, and nothing comes between.</summary>
    public static async Task ExpectEndAsync(CaseRun run, WireClient client, WirePacket last)
    {
        IReadOnlyList<WirePacket> more = await client.DrainAsync(run.Target.Patience);
        run.Require(more.Count == 0, $"nothing should follow {last}; there came {string.Join(", ", more)}");
        run.Require(client.IsClosed, $"the server should have closed the connection after {last}; it stayed open");
    }

    /// <summary>
    /// Sends bytes on a new connection and reads all that comes until the server closes, as bytes: its form may be
    /// of any version.
    /// </summary>
    public static async Task<byte[]> ReadToEndAsync(CaseRun run, byte[] bytes)
    {
        await using IByteStream stream = await run.Target.OpenAsync(run.Cancellation);
        await stream.SendAsync(bytes, run.Cancellation);
        List<byte> came = [];
        byte[] buffer = new byte[256];
        while (true)
        {
            int count = await stream.ReceiveAsync(buffer, run.Target.Patience, run.Cancellation);
            run.Require(
                count >= 0,
                $"the server should have closed the connection; it was open, and there came {Convert.ToHexString([.. came])}");
            if (count == 0)
            {
                return [.. came];
            }

            came.AddRange(buffer.AsSpan(0, count));
        }
    }
}
