using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>Topic Aliases of the server.</summary>
internal static class AliasCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("The client takes every alias from 1 to the maximum that it announced", ["MQTT-3.3.2-10"], EveryAlias),
        new("A name with a known alias maps it anew", ["U5-22"], Remapped),
        new("The aliases of one direction are not those of the other", ["U5-22"], Directions),
        new("Aliases end with the connection", ["MQTT-3.3.2-7"], NewConnection),
    ];

    private static void EveryAlias(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe();
        int maximum = (int)(run.Server.Received[0].Number(PropertyId.TopicAliasMaximum) ?? 0);
        for (int alias = 1; alias <= maximum; alias++)
        {
            run.Send(Message($"topic/{alias}", alias));
            RequireEqual($"topic/{alias}", TopicOf(run, subscription), "the topic with its alias");
        }

        for (int alias = maximum; alias >= 1; alias--)
        {
            run.Send(Message("", alias));
            RequireEqual($"topic/{alias}", TopicOf(run, subscription), "the topic of the alias");
        }
    }

    private static void Remapped(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe();
        foreach (string topic in new[] { "a", "b", "a" })
        {
            run.Send([.. Message(topic, 1), .. Message("", 1)]);
            RequireEqual(topic, TopicOf(run, subscription), "the topic with its alias");
            RequireEqual(topic, TopicOf(run, subscription), "the topic of the alias");
        }
    }

    private static void Directions(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.TopicAliasMaximum(10);
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Send(Message("theirs", 1));
        RequireEqual("theirs", TopicOf(run, subscription), "the topic with its alias");
        for (int i = 0; i < 3; i++)
        {
            run.Await(Publish(client, 1));
        }

        Require(run.Server.Of(PacketType.Publish).First().Topic == "t", "the first message of the client has no topic");
        run.Send(Message("", 1));
        RequireEqual("theirs", TopicOf(run, subscription), "the topic of the alias");
    }

    private static void NewConnection(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Send(Message("old", 1));
        RequireEqual("old", TopicOf(run, subscription), "the topic with its alias");
        run.Reconnect(client);
        ServerSide server = run.Server;
        run.Send(Message("", 1));
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        RequireEqual(ReasonCode.ProtocolError, server.Take(PacketType.Disconnect)?.Reason, "the code of DISCONNECT");
    }

    private static byte[] Message(string topic, int alias) =>
        PacketBytes.Publish(MqttVersion.V5, new WireMessage(topic, "x") { Properties = Property.TopicAlias(alias) });

    private static string TopicOf(ClientRun run, MqttSubscription subscription) => run.Await(subscription.ReadAsync().AsTask()).Message.Topic;
}
