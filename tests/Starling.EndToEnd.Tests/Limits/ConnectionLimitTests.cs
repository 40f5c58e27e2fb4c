using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>Limits on connections and sessions: ConnectTimeout, KeepAliveMax, SessionExpiryMax, ConnectionsMax, SessionsMax.</summary>
public sealed class ConnectionLimitTests
{
    private const int QuotaExceeded = 0x97;
    private const int ServerUnavailable3x = 3;
    private const int KeepAliveTimeout = 0x8D;

    public static TheoryData<Level> Levels => [Level.V31, Level.V311, Level.V50];

    [Theory, MemberData(nameof(Levels))]
    public async Task A_connection_without_a_whole_CONNECT_is_closed_in_time(Level level)
    {
        await using BrokerProcess broker = await StartAsync("ConnectTimeout", "1s");
        await using WireClient silent = await WireClient.OpenAsync(broker.Port, level);
        await using WireClient slow = await WireClient.OpenAsync(broker.Port, level);
        byte[] connect = PacketBytes.Connect(ConnectFields.New(level));
        await slow.SendAsync(connect[..^1]);

        Assert.Null(await silent.ReadAsync());
        Assert.Null(await slow.ReadAsync());
        await BrokerLog.AssertLineAsync(broker, silent.LocalAddress, "CONNECT in time");
    }

    [Theory, InlineData(60), InlineData(0)]
    public async Task The_longest_keep_alive_is_announced(int asked)
    {
        await using BrokerProcess broker = await StartAsync("KeepAliveMax", "30s");
        ConnectFields fields = ConnectFields.New(Level.V50) with { KeepAliveSeconds = asked };
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, fields);
        await using WireClient opened = client;

        Assert.Equal(30, connAck.Number(Property.ServerKeepAliveId));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_longest_keep_alive_is_enforced_and_the_will_published(Level level)
    {
        BrokerProcess.RequireStarling("mosquitto checks Keep Alive every five seconds only and takes no maximum below ten.");
        await using BrokerProcess broker = await StartAsync("KeepAliveMax", "1s");
        Message will = Message.Of("will", "silent", retain: true);
        ConnectFields fields = ConnectFields.New(level) with { KeepAliveSeconds = 600, Will = will };
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, fields);

        await client.AssertEndedAsync(KeepAliveTimeout);

        await using WireClient observer = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await observer.SubscribeAsync(("will", 0));
        Assert.Equal("silent", (await observer.ExpectAsync(PacketKind.Publish)).Text);
        await BrokerLog.AssertLineAsync(broker, client.ClientIdentifier, "keep alive timeout");
    }

    [Fact]
    public async Task The_longest_session_expiry_is_announced()
    {
        await using BrokerProcess broker = await StartAsync("SessionExpiryMax", "60s");
        ConnectFields fields = ConnectFields.New(Level.V50) with { Properties = Property.SessionExpiryInterval(uint.MaxValue) };
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, fields);
        await using WireClient opened = client;

        Assert.Equal(60, connAck.Number(Property.SessionExpiryIntervalId));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task The_longest_session_expiry_ends_sessions_of_every_version(Level level)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(
            BrokerSettings.Default.WithFastSys().With("Limits:SessionExpiryMax", "1s"));
        ConnectFields fields = ConnectFields.New(level).Persistent();
        await using (WireClient client = await WireClient.ConnectAsync(broker.Port, fields))
        {
            await client.SubscribeAsync(("t", 1));
            await client.SendAsync(PacketBytes.Disconnect);
            Assert.Null(await client.ReadAsync());
        }

        await SysReader.WaitAsync(broker.Port, "clients/expired", atLeast: 1);

        (WireClient again, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, fields);
        await using WireClient opened = again;
        Assert.False(connAck.SessionPresent);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_connection_above_the_limit_is_refused_with_0x97_or_code_3(Level level)
    {
        BrokerProcess.RequireStarling("mosquitto closes such a connection before CONNECT.");
        await using BrokerProcess broker = await StartAsync("ConnectionsMax", "2");
        await using WireClient first = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await using (WireClient second = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level)))
        {
            string refused = await AssertRefusedAsync(broker, ConnectFields.New(level));
            await BrokerLog.AssertLineAsync(broker, refused, "QuotaExceeded");
            await first.PingAsync();
            await second.SendAsync(PacketBytes.Disconnect);
            Assert.Null(await second.ReadAsync());
        }

        await using WireClient third = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await third.PingAsync();
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_session_above_the_limit_is_refused_but_an_old_one_resumed(Level level)
    {
        await using BrokerProcess broker = await StartAsync("SessionsMax", "2");
        ConnectFields absent = ConnectFields.New(level).Persistent();
        await using WireClient present = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await using (WireClient client = await WireClient.ConnectAsync(broker.Port, absent))
        {
            await client.SendAsync(PacketBytes.Disconnect);
            Assert.Null(await client.ReadAsync());
        }

        string refused = await AssertRefusedAsync(broker, ConnectFields.New(level));
        await BrokerLog.AssertLineAsync(broker, refused, "QuotaExceeded");
        (WireClient resumed, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, absent);
        await using WireClient opened = resumed;
        Assert.Equal(level != Level.V31, connAck.SessionPresent);
    }

    private static async Task<string> AssertRefusedAsync(BrokerProcess broker, ConnectFields fields)
    {
        (WireClient client, ReceivedPacket? connAck) = await WireClient.TryConnectAsync(broker.Port, fields);
        await using WireClient opened = client;
        int code = fields.Level == Level.V50 ? QuotaExceeded : ServerUnavailable3x;
        Assert.Equal((PacketKind.ConnAck, code), (connAck?.Kind, connAck?.Reason));
        Assert.Null(await client.ReadAsync());
        return fields.ClientIdentifier;
    }

    private static Task<BrokerProcess> StartAsync(string key, string value) =>
        BrokerProcess.StartAsync(BrokerSettings.Default.With("Limits:" + key, value));
}
