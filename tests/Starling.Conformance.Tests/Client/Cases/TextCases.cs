using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>Text that a program hands in goes out as it is, or not at all.</summary>
internal static class TextCases
{
    private static readonly (string Name, string Text)[] BadTexts =
    [
        ("U+0000", "a\0b"),
        ("a lone high surrogate", "a\uD800"),
        ("a lone low surrogate", "\uDC00a"),
        ("surrogates in the wrong order", "\uDC00\uD800"),
        ("65536 bytes", new string('a', 65536)),
        ("65538 bytes in two-byte characters", new string('ä', 32769)),
    ];

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("No bad text goes out in CONNECT",
            ["MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-3.1.3-4", "MQTT-3.1.3-11", "MQTT311-1.5.3-1", "MQTT311-1.5.3-2", "MQTT311-3.1.3-4", "MQTT311-3.1.3-10"],
            BadConnectTexts),
        new("No bad user name goes out", ["MQTT-3.1.3-12", "MQTT311-3.1.3-11", "MQTT-1.5.4-2", "MQTT311-1.5.3-2"], BadUserName),
        new("No bad text goes out in the properties of CONNECT", ["MQTT-1.5.7-1", "MQTT-1.5.4-1", "MQTT-1.5.4-2"], BadConnectProperties),
        new("No bad Topic Name goes out",
            ["MQTT-3.3.2-1", "MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.7.3-3",
                "MQTT311-3.3.2-1", "MQTT311-3.3.2-2", "MQTT311-4.7.1-1", "MQTT311-4.7.3-1", "MQTT311-4.7.3-2", "MQTT311-4.7.3-3"],
            BadTopics),
        new("No bad text goes out in the properties of PUBLISH",
            ["MQTT-3.3.2-13", "MQTT-3.3.2-14", "MQTT-3.3.2-19", "MQTT-1.5.7-1"], BadMessageProperties),
        new("No bad Topic Filter goes out",
            ["MQTT-3.8.3-1", "MQTT-3.10.3-1", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.7.3-3",
                "MQTT311-3.8.3-1", "MQTT311-3.10.3-1", "MQTT311-4.7.1-2", "MQTT311-4.7.1-3", "MQTT311-4.7.3-1", "MQTT311-4.7.3-2", "MQTT311-4.7.3-3"],
            BadFilters),
        new("No bad Share Name goes out", ["MQTT-4.8.2-1", "MQTT-4.8.2-2"], BadShareNames),
        new("Text of every kind goes out and comes back byte for byte",
            ["MQTT-1.5.4-3", "MQTT-3.3.2-1", "MQTT-1.5.7-1", "MQTT311-1.5.3-3", "MQTT311-3.3.2-1"], GoodTexts),
        new("A topic and a filter may have 65535 bytes", ["MQTT-4.7.3-3", "MQTT311-4.7.3-3"], LongestTopic),
    ];

    private static void BadConnectTexts(ClientRun run) => Each(BadTexts, bad => bad.Name, bad =>
    {
        RequireRefusal(() => run.NewClient(options => options.ClientId = bad.Text), "the Client Identifier");
        RequireRefusal(() => run.NewClient(options => options.Will = new MqttMessage { Topic = bad.Text }), "the Will Topic");
        foreach (string topic in new[] { "", "a/+", "#" })
        {
            RequireRefusal(() => run.NewClient(options => options.Will = new MqttMessage { Topic = topic }), $"the Will Topic '{topic}'");
        }
    });

    private static void BadUserName(ClientRun run) => Each(BadTexts, bad => bad.Name, bad =>
    {
        MqttClient client = run.NewClient(options => options.Credentials = new MqttPassword(bad.Text, "secret"));
        RequireFault(run, client.ConnectAsync().AsTask());
        RequireEqual(0, run.Connections, "the number of connections");
    });

    private static void BadConnectProperties(ClientRun run) => Each(BadTexts, bad => bad.Name, bad =>
    {
        RequireRefusal(() => run.NewClient(options => options.UserProperties = [new UserProperty(bad.Text, "v")]), "the name of a User Property");
        RequireRefusal(() => run.NewClient(options => options.UserProperties = [new UserProperty("n", bad.Text)]), "the value of a User Property");
        RequireRefusal(() => run.NewClient(options => options.Authentication = new ScriptedMethod(bad.Text)), "the Authentication Method");
        MqttMessage will = new() { Topic = "t", ContentType = bad.Text };
        RequireRefusal(() => run.NewClient(options => options.Will = will), "the Content Type of a Will");
    });

    private static void BadTopics(ClientRun run)
    {
        MqttClient client = run.Connect();
        IEnumerable<(string Name, string Text)> topics = With("", "+", "#", "a/+/b", "a/#", "a+", "#a");
        Each(topics, bad => bad.Name, bad =>
        {
            foreach (QualityOfService qos in Enum.GetValues<QualityOfService>())
            {
                RequireFault(run, PublishAsync(client, new MqttMessage { Topic = bad.Text, Qos = qos }));
            }
        });
        run.ExpectNone(client, PacketType.Publish);
    }

    private static void BadMessageProperties(ClientRun run)
    {
        MqttClient client = run.Connect();
        Each(BadTexts, bad => bad.Name, bad =>
        {
            MqttMessage[] messages =
            [
                new() { Topic = "t", ContentType = bad.Text },
                new() { Topic = "t", ResponseTopic = bad.Text },
                new() { Topic = "t", UserProperties = [new UserProperty(bad.Text, "v")] },
                new() { Topic = "t", UserProperties = [new UserProperty("n", bad.Text)] },
            ];
            foreach (MqttMessage message in messages)
            {
                RequireFault(run, PublishAsync(client, message));
                RequireFault(run, PublishAsync(client, message with { Qos = QualityOfService.AtMostOnce }));
            }
        });
        foreach (string topic in new[] { "", "+", "a/#" })
        {
            RequireFault(run, PublishAsync(client, new MqttMessage { Topic = "t", ResponseTopic = topic }));
        }

        RequireFault(run, PublishAsync(client, new MqttMessage { Topic = "t", CorrelationData = new byte[65536] }));
        run.ExpectNone(client, PacketType.Publish);
    }

    private static void BadFilters(ClientRun run) =>
        Each(
            With("", "a#", "a/#/b", "#/a", "a+", "a/b+", "+a", "##", "++", "a/#b"),
            bad => bad.Name,
            bad =>
            {
                RequireRefusal(() => _ = new TopicFilter(bad.Text), "the filter");
                RequireRefusal(() => _ = new TopicFilter("$share/g/" + bad.Text), "the shared filter");
            });

    private static void BadShareNames(ClientRun run)
    {
        MqttClient client = run.Connect();
        Each(["$share//t", "$share/g", "$share/g/", "$share/g+/t", "$share/#/t", "$share/+/t", "$share/"], filter => filter, filter =>
            RequireRefusal(() => client.Subscribe(filter), "the filter"));
        Each(["", "a/b", "g+", "#", "a\0", "\uD800", new string('g', 65536)], name => name[..Math.Min(name.Length, 10)], name =>
            RequireRefusal(() => client.Subscribe("t", new SubscribeOptions { ShareGroup = name }), "the Share Name"));
        RequireRefusal(
            () => client.Subscribe(new string('t', 65530), new SubscribeOptions { ShareGroup = "group" }), "a filter that is too long with its share name");
        run.ExpectNone(client, PacketType.Subscribe);
    }

    private static void GoodTexts(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        Each(["\uFEFFbegins with it", "in\uFEFFside", "\U0001F426 bird", "\uFFFF\u0001\u007F", "ä/ö/ü", " "], text => text, text =>
        {
            run.Await(PublishAsync(client, new MqttMessage { Topic = text, UserProperties = [new UserProperty(text, text)] }));
            ReceivedPacket packet = run.Expect(PacketType.Publish);
            RequireEqual(text, packet.Topic, "the topic");
            RequireEqual(run.IsV5 ? $"{text}={text}" : null, packet.TextOf(PropertyId.UserProperty), "the User Property");
            run.Send([.. packet.Bytes[..1], .. packet.Bytes[1..]]);
            MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
            RequireEqual(text, delivery.Message.Topic, "the topic that came back");
            RequireEqual(run.IsV5 ? text : null, delivery.Message.UserProperties[text], "the User Property that came back");
            run.Await(delivery.AckAsync().AsTask());
        });
    }

    private static void LongestTopic(ClientRun run)
    {
        MqttClient client = run.Connect();
        string topic = new('t', 65535);
        run.Await(PublishAsync(client, new MqttMessage { Topic = topic }));
        RequireEqual(topic, run.Expect(PacketType.Publish).Topic, "the topic");
        run.Await(client.SubscribeAsync(topic).AsTask());
        RequireEqual(topic, run.Expect(PacketType.Subscribe).Filters[0].Filter, "the filter");
    }

    private static IEnumerable<(string Name, string Text)> With(params string[] others) =>
        BadTexts.Concat(others.Select(text => (Name: $"'{text}'", Text: text)));

    private static Task PublishAsync(MqttClient client, MqttMessage message)
    {
        try
        {
            return client.TryPublishAsync(message).AsTask();
        }
        catch (ArgumentException e)
        {
            return Task.FromException(e);
        }
    }

    private static void RequireFault(ClientRun run, Task task)
    {
        run.WaitFor(() => task.IsCompleted, "an answer to the caller");
        Require(task.IsFaulted, "what cannot be sent was not refused");
    }
}
