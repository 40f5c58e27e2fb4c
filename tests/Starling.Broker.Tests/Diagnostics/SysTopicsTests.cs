using System.Globalization;
using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Protocol;

namespace Starling.Broker.Tests.Diagnostics;

public sealed class SysTopicsTests : ISysTopicReceiver
{
    private static readonly string[] LoadCounters =
    [
        "messages/received", "messages/sent", "publish/dropped", "publish/received", "publish/sent", "bytes/received", "bytes/sent",
        "sockets", "connections",
    ];

    private static readonly string[] LoadWindows = ["1min", "5min", "15min"];

    private readonly SysTopics _topics = new("1.2.3", new Instant(5000, 0));
    private readonly ShardCounters _counters = new();
    private readonly Dictionary<string, string> _given = [];

    [Fact]
    public void The_first_time_every_topic_that_Mosquitto_has_is_given()
    {
        Update(5000);

        string[] names =
        [
            "version", "uptime", "clients/total", "clients/maximum", "clients/active", "clients/inactive", "clients/connected",
            "clients/disconnected", "clients/expired", "messages/received", "messages/sent", "messages/stored",
            "publish/messages/received", "publish/messages/sent", "publish/messages/dropped", "publish/bytes/received",
            "publish/bytes/sent", "bytes/received", "bytes/sent", "subscriptions/count", "shared_subscriptions/count",
            "retained messages/count", "store/messages/count", "store/messages/bytes", "heap/current", "heap/maximum",
            "store/condition", "store/commits", "store/references", "store/disk/written", "store/disk/bytes", "store/disk/free", "store/disk/full",
            .. LoadNames(),
            .. Enum.GetValues<DropReason>().Select(reason => $"publish/messages/dropped/{DropReasonName.Of(reason)}"),
            .. Enum.GetValues<BrokerLimit>().Select(limit => $"limits/{BrokerLimitName.Of(limit)}"),
        ];
        Assert.Equal(names.Select(name => $"$SYS/broker/{name}").Order(), _given.Keys.Order());
    }

    [Fact]
    public void Later_only_changed_values_are_given()
    {
        Update(5000);
        _counters.SubscriptionsNow = 3;
        Update(5999);

        Assert.Equal(["$SYS/broker/subscriptions/count"], _given.Keys);
        Assert.Equal("3", Value("subscriptions/count"));
    }

    [Fact]
    public void The_version_names_the_broker()
    {
        Update(5000);
        Assert.Equal("starling version 1.2.3", Value("version"));
    }

    [Fact]
    public void The_uptime_counts_whole_seconds()
    {
        Update(5000 + 123_999);
        Assert.Equal("123 seconds", Value("uptime"));
    }

    [Fact]
    public void Clients_are_counted_as_connected_absent_and_in_all()
    {
        _counters.SessionsNow = 10;
        _counters.ConnectionsNow = 4;
        Update(5000);

        Assert.Equal(("10", "4", "6"), (Value("clients/total"), Value("clients/connected"), Value("clients/disconnected")));
    }

    [Fact]
    public void The_maximum_of_clients_only_grows()
    {
        _counters.ConnectionsNow = 4;
        Update(5000);
        Assert.Equal("4", Value("clients/maximum"));

        _counters.ConnectionsNow = 2;
        Update(6000);
        Assert.DoesNotContain("$SYS/broker/clients/maximum", _given.Keys);
    }

    [Fact]
    public void Stored_messages_are_those_queued_and_those_retained()
    {
        _counters.QueuedMessagesNow = 2;
        _counters.QueuedBytesNow = 200;
        _topics.Update(new SysSample { Counters = _counters, RetainedMessages = 3, RetainedBytes = 30 }, new Instant(5000, 0), this);

        Assert.Equal(("5", "230", "3"), (Value("messages/stored"), Value("store/messages/bytes"), Value("retained messages/count")));
    }

    [Fact]
    public void Drops_are_given_in_all_and_by_reason()
    {
        _counters.Drop(DropReason.Expired);
        _counters.Drop(DropReason.SessionQueueFull, 5);
        Update(5000);

        Assert.Equal("6", Value("publish/messages/dropped"));
        Assert.Equal("5", Value("publish/messages/dropped/session-queue-full"));
    }

    // Mosquitto 2.0 shows these figures when one client connects between two updates that are 2 s apart.
    [Theory]
    [InlineData(1, "0.98")]
    [InlineData(5, "0.20")]
    [InlineData(15, "0.07")]
    public void Load_is_an_exponential_average_of_the_growth_per_minute(int minutes, string expected)
    {
        Update(5000);
        _counters.SocketsOpened = 1;
        Update(7000);

        Assert.Equal(expected, Value(string.Create(CultureInfo.InvariantCulture, $"load/sockets/{minutes}min")));
    }

    [Fact]
    public void Load_fades_when_nothing_happens()
    {
        Update(5000);
        _counters.PublishReceived = 600;
        Update(65_000);
        Assert.Equal("379.27", Value("load/publish/received/1min"));

        Update(125_000);
        Assert.Equal("139.53", Value("load/publish/received/1min"));
    }

    [Fact]
    public void Two_updates_in_one_millisecond_lose_no_growth()
    {
        Update(5000);
        _counters.SocketsOpened = 1;
        Update(5000);
        Update(7000);

        Assert.Equal("0.98", Value("load/sockets/1min"));
    }

    void ISysTopicReceiver.OnTopic(string topic, ReadOnlySpan<byte> value) => _given.Add(topic, Encoding.UTF8.GetString(value));

    private static IEnumerable<string> LoadNames() =>
        LoadCounters.SelectMany(counter => LoadWindows.Select(window => $"load/{counter}/{window}"));

    private string Value(string name) => _given["$SYS/broker/" + name];

    private void Update(long monotonicMilliseconds)
    {
        _given.Clear();
        _topics.Update(new SysSample { Counters = _counters }, new Instant(monotonicMilliseconds, 0), this);
    }
}
