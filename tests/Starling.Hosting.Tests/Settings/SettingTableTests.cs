using Starling.Hosting.Settings;

namespace Starling.Hosting.Tests.Settings;

public sealed class SettingTableTests
{
    // Key, values that are allowed, values that are not. Every key of the table must be here.
    private static readonly (string Key, string[] Good, string[] Bad)[] Rows =
    [
        ("Listeners", ["tcp://127.0.0.1:1883", "127.0.0.1,[::1]:1884", "localhost", "*"], ["", "tcp://example", "127.0.0.1:70000", "ws://127.0.0.1:80"]),
        ("AllowAnonymous", ["local", "true", "FALSE"], ["", "yes", "1"]),
        ("DataDirectory", ["/var/lib/starling", "data", "none"], ["", "a\0b"]),
        ("Durability", ["fsync", "os", "memory"], ["", "sync", "0"]),
        ("Storage:SegmentBytes", ["1MiB", "128MiB", "2052KiB"], ["1023KiB", "129MiB", "1048577", "none", ""]),
        ("Storage:CheckpointBytes", ["1MiB", "1TiB"], ["1023KiB", "2TiB", "none"]),
        ("Loops", ["1", "256", "auto"], ["0", "257", "-1", "many"]),
        ("LoopKind", ["automatic", "epoll", "portable"], ["", "io_uring", "2"]),
        ("Seed", ["-2147483648", "2147483647", "auto"], ["2147483648", "seed"]),
        ("Memory:Budget", ["32MiB", "1GiB", "33554432", "auto"], ["31MiB", "0", "lots", "64MB"]),
        ("Limits:PacketBytesMax", ["1KiB", "256MiB"], ["1023", "257MiB", "none"]),
        ("Limits:ReceiveMaximum", ["1", "65535"], ["0", "65536", "none"]),
        ("Limits:TopicAliasMaximum", ["0", "65535"], ["-1", "65536"]),
        ("Limits:TopicLevelsMax", ["1", "65535"], ["0", "65536"]),
        ("Limits:SubscriptionsPerSessionMax", ["1", "2147483647"], ["0", "2147483648"]),
        ("Limits:SessionQueueMessagesMax", ["1", "2147483647"], ["0", "2147483648"]),
        ("Limits:SessionQueueBytesMax", ["1B", "1TiB"], ["0", "-1", "none"]),
        ("Limits:SessionQueueFull", ["DropNewest", "dropoldest", "EndSession"], ["", "Drop", "0"]),
        ("Limits:OutgoingWindow3x", ["1", "65535"], ["0", "65536"]),
        ("Limits:ConnectTimeout", ["1s", "5m"], ["999ms", "301s", "10", "none"]),
        ("Limits:KeepAliveMax", ["1s", "65535s", "none"], ["0s", "65536s"]),
        ("Limits:SessionExpiryMax", ["0s", "30d", "4294967295s", "none"], ["4294967296s", "-1s"]),
        ("Limits:HeldPublisherTimeout", ["0s", "1h"], ["61m", "none"]),
        ("Limits:WillGraceAfterRestart", ["0s", "60s", "1d"], ["25h", "60", "none"]),
        ("Limits:DiskHighMark", ["0B", "1GiB", "auto"], ["-1", "90%", "none"]),
        ("Limits:ConnectionsMax", ["1", "2147483647", "none"], ["0", "2147483648"]),
        ("Limits:SessionsMax", ["1", "2147483647", "none"], ["0", "2147483648"]),
        ("Limits:RetainedBytesMax", ["0B", "1TiB", "auto"], ["-1", "none"]),
        ("Limits:RetainedMessagesMax", ["0", "9223372036854775807", "none"], ["-1", "auto"]),
        ("Limits:MaximumQos", ["0", "1", "2"], ["", "3", "AtMostOnce"]),
        ("Limits:RetainAvailable", ["true", "false"], ["", "on"]),
        ("Limits:WildcardsAvailable", ["true", "false"], ["", "on"]),
        ("Limits:SharedAvailable", ["true", "false"], ["", "on"]),
        ("SysInterval", ["0s", "1d"], ["25h", "10"]),
        ("ResponseInformation", ["replies/", "none"], [""]),
        ("NodeId", ["node-1"], [""]),
    ];

    public static TheoryData<string, string> GoodValues => Pairs(static row => row.Good);

    public static TheoryData<string, string> BadValues => Pairs(static row => row.Bad);

    public static TheoryData<string> Keys => [.. SettingTable.All.Select(static s => s.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void Every_key_has_a_row_of_values_here(string key) => Assert.Contains(Rows, row => row.Key == key);

    [Theory, MemberData(nameof(Keys))]
    public void Default_is_allowed_and_changes_nothing(string key)
    {
        Setting setting = Find(key);
        string value = setting.Format(new StarlingOptions());

        Assert.True(SettingTable.TrySet(new StarlingOptions(), key, value, out StarlingOptions changed, out string? error), error);

        Assert.Equal(value, setting.Format(changed));
    }

    [Theory, MemberData(nameof(Keys))]
    public void Example_is_allowed(string key) =>
        Assert.True(SettingTable.TrySet(new StarlingOptions(), key, Find(key).Example, out _, out string? error), error);

    [Theory, MemberData(nameof(Keys))]
    public void Words_for_people_are_there(string key)
    {
        Assert.NotEmpty(Find(key).Description);
        Assert.NotEmpty(Find(key).Allowed);
    }

    [Theory, MemberData(nameof(GoodValues))]
    public void Good_value_is_put_into_the_options_and_read_back(string key, string value)
    {
        Assert.True(SettingTable.TrySet(new StarlingOptions(), key, value, out StarlingOptions changed, out string? error), error);

        string text = Find(key).Format(changed);
        Assert.True(SettingTable.TrySet(new StarlingOptions(), key, text, out StarlingOptions again, out _));
        Assert.Equal(text, Find(key).Format(again));
    }

    [Theory, MemberData(nameof(BadValues))]
    public void Bad_value_is_refused_by_key_with_what_is_allowed_and_a_good_one(string key, string value)
    {
        StarlingOptions options = new();

        Assert.False(SettingTable.TrySet(options, key, value, out StarlingOptions changed, out string? error));

        Assert.Same(options, changed);
        Assert.StartsWith($"{key}={value} is not allowed: {Find(key).Allowed}.", error, StringComparison.Ordinal);
        Assert.EndsWith($"For example {key}={Find(key).Example}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Letter_case_of_a_key_does_not_matter()
    {
        Assert.True(SettingTable.TrySet(new StarlingOptions(), "limits:RECEIVEMAXIMUM", "7", out StarlingOptions changed, out _));

        Assert.Equal(7, changed.Broker.ReceiveMaximum);
    }

    [Theory]
    [InlineData("Limits:ReceiveMax", "Limits:ReceiveMaximum")]
    [InlineData("ReceiveMaximum", "Limits:ReceiveMaximum")]
    [InlineData("MemoryBudget", "Memory:Budget")]
    [InlineData("Memory:Buget", "Memory:Budget")]
    [InlineData("durabilty", "Durability")]
    public void Unknown_key_is_refused_with_the_nearest_one(string key, string nearest)
    {
        Assert.False(SettingTable.TrySet(new StarlingOptions(), key, "1", out _, out string? error));

        Assert.Equal($"There is no setting {key}; did you mean {nearest}?", error);
    }

    [Fact]
    public void Key_that_is_near_to_nothing_gets_no_suggestion()
    {
        Assert.False(SettingTable.TrySet(new StarlingOptions(), "Quux", "1", out _, out string? error));

        Assert.DoesNotContain("did you mean", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_unique() =>
        Assert.Equal(SettingTable.All.Count, SettingTable.All.Select(static s => s.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    private static Setting Find(string key) => SettingTable.Find(key) ?? throw new InvalidOperationException(key);

    private static TheoryData<string, string> Pairs(Func<(string Key, string[] Good, string[] Bad), string[]> values)
    {
        TheoryData<string, string> pairs = [];
        foreach ((string Key, string[] Good, string[] Bad) row in Rows)
        {
            foreach (string value in values(row))
            {
                pairs.Add(row.Key, value);
            }
        }

        return pairs;
    }
}
