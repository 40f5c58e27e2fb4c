using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>Takes away what a run has left on the server: retained messages and sessions. A server that does not help keeps them.</summary>
internal static class Cleaning
{
    public static async Task RunAsync(SuiteContext context, CancellationToken cancellation)
    {
        CaseRun run = new(context, cancellation);
        await using (run.ConfigureAwait(false))
        {
            try
            {
                await EndSessionsAsync(context, run).ConfigureAwait(false);
                await ClearRetainedAsync(context, run).ConfigureAwait(false);
            }
            catch (CaseFailedException)
            {
                // What the server does wrong here, the cases have found before; cleaning says nothing about it.
                return;
            }
        }
    }

    private static Task EndSessionsAsync(SuiteContext context, CaseRun run) => run.EachAsync(context.Sessions, session => session.ClientIdentifier, async session =>
    {
        ConnectFields fields = run.NewConnect() with { ClientIdentifier = session.ClientIdentifier };
        WireClient client = await run.OpenAsync().ConfigureAwait(false);
        await client.SendAsync(PacketBytes.Connect(fields)).ConfigureAwait(false);
        if (await client.ReadAsync().ConfigureAwait(false) is not null)
        {
            await client.SendAsync(PacketBytes.Disconnect).ConfigureAwait(false);
        }

        await client.DisposeAsync().ConfigureAwait(false);
    });

    private static async Task ClearRetainedAsync(SuiteContext context, CaseRun run)
    {
        if (!context.Server.RetainAvailable || !context.Server.WildcardsAvailable)
        {
            return;
        }

        WireClient client = await run.SubscriberAsync($"{context.TopicRoot}/#").ConfigureAwait(false);
        IReadOnlyList<WirePacket> retained = await client.DrainAsync().ConfigureAwait(false);
        foreach (WirePacket packet in retained.Where(packet => packet is { Type: PacketType.Publish, Retain: true }))
        {
            await client.SendAsync(PacketBytes.Publish(client.Version, new WireMessage(packet.Topic, []) { Retain = true })).ConfigureAwait(false);
        }

        await client.PingAsync().ConfigureAwait(false);
    }
}
