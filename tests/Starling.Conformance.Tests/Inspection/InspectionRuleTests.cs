using Starling.Conformance.Inspection;
using Starling.Conformance.Specification;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Inspection;

/// <summary>Each rule of inspection against packets that break it, and it alone.</summary>
public sealed class InspectionRuleTests
{
    private const string Accepted5 = "2003000000";
    private const string Accepted3 = "20020000";
    private const string Publish5 = "30 05 0001 61 00 78";
    private const string Wishes = "27 0000000C 22 0002 17 00";

    /// <summary>What a server sends on one connection, and the only rule that it breaks.</summary>
    public static TheoryData<string, int, string> Wrong => new()
    {
        { nameof(InspectionRules.Flags), 5, "D1 00" },
        { nameof(InspectionRules.Flags), 5, "60 02 0001" },
        { nameof(InspectionRules.Flags), 4, "42 02 0001" },
        { nameof(InspectionRules.PublishQos), 5, "36 07 0001 61 0001 00 78" },
        { nameof(InspectionRules.Duplicate), 4, "38 04 0001 61 78" },
        { nameof(InspectionRules.Identifier), 5, "32 06 0001 61 0000 00" },
        { nameof(InspectionRules.Identifier), 4, "34 05 0001 61 0000" },
        { nameof(InspectionRules.ShortestNumbers), 5, "D0 80 00" },
        { nameof(InspectionRules.ShortestNumbers), 5, "30 05 0001 61 8000" },
        { nameof(InspectionRules.Fields), 5, "D0 01 00" },
        { nameof(InspectionRules.Fields), 5, "40 01 00" },
        { nameof(InspectionRules.Fields), 5, "32 04 0001 61 00" },
        { nameof(InspectionRules.Fields), 5, "30 03 0005 61" },
        { nameof(InspectionRules.Fields), 5, "30 05 0001 61 05 01" },
        { nameof(InspectionRules.Fields), 5, "30 06 0001 61 02 03 00" },
        { nameof(InspectionRules.Fields), 5, "30 0A 0001 61 06 26 0001 61 0005" },
        { nameof(InspectionRules.PropertyLength), 5, "90 02 0001" },
        { nameof(InspectionRules.PropertyLength), 5, "30 03 0001 61" },
        { nameof(InspectionRules.Text), 5, "30 05 0002 C0AF 00" },
        { nameof(InspectionRules.Text), 4, "30 05 0003 EDA080" },
        { nameof(InspectionRules.Text), 5, "30 0A 0001 61 06 26 0001 FF 0000" },
        { nameof(InspectionRules.NullCharacters), 5, "30 04 0001 00 00" },
        { nameof(InspectionRules.PropertyPlaces), 5, "30 07 0001 61 03 21 0001" },
        { nameof(InspectionRules.PropertyPlaces), 5, "30 06 0001 61 02 7E 00" },
        { nameof(InspectionRules.PropertyRepeats), 5, "30 08 0001 61 04 01 00 01 00" },
        { nameof(InspectionRules.TopicWildcards), 4, "30 03 0001 2B" },
        { nameof(InspectionRules.TopicWildcards), 5, "30 06 0003 612F23 00" },
        { nameof(InspectionRules.TopicLength), 4, "30 02 0000" },
        { nameof(InspectionRules.TopicLength), 5, "30 03 0000 00" },
        { nameof(InspectionRules.SubAckCodes), 3, "90 03 0001 80" },
        { nameof(InspectionRules.SubAckCodes), 4, "90 03 0001 83" },
        { nameof(InspectionRules.SubAckCodes), 5, "90 04 0001 00 03" },
        { nameof(InspectionRules.UnsubAckCodes), 5, "B0 04 0001 00 10" },
        { nameof(InspectionRules.PubAckCodes), 5, "40 03 0001 92" },
        { nameof(InspectionRules.PubRecCodes), 5, "50 03 0001 11" },
        { nameof(InspectionRules.PubRelCodes), 5, "62 03 0001 10" },
        { nameof(InspectionRules.PubCompCodes), 5, "70 03 0001 80" },
        { nameof(InspectionRules.DisconnectCodes), 5, "E0 01 04" },
        { nameof(InspectionRules.DisconnectExpiry), 5, "E0 07 00 05 11 00000001" },
        { nameof(InspectionRules.AuthCodes), 5, "F0 02 19 00" },
        { nameof(InspectionRules.OneConnAck), 5, Accepted5 },
        { nameof(InspectionRules.SilentAfterDisconnect), 5, "E0 00 D0 00" },
        { nameof(InspectionRules.TopicAliasZero), 5, "30 07 0001 61 03 23 0000" },
    };

    /// <summary>What a server sends from the first byte on.</summary>
    public static TheoryData<string, int, string> WrongFromTheFirst => new()
    {
        { nameof(InspectionRules.ConnAckFirst), 5, Publish5 + Accepted5 },
        { nameof(InspectionRules.ConnAckFirst), 5, "F0 02 18 00" + Publish5 },
        { nameof(InspectionRules.ConnAckFirst), 4, "30 03 0001 61" + Accepted3 },
        { nameof(InspectionRules.ConnAckFlags), 5, "20 03 02 00 00" },
        { nameof(InspectionRules.ConnAckFlags), 3, "20 02 01 00" },
        { nameof(InspectionRules.RefusedSessionPresent), 5, "20 03 01 87 00" },
        { nameof(InspectionRules.RefusedSessionPresent), 4, "20 02 01 05" },
        { nameof(InspectionRules.ConnAckCodes), 5, "20 03 00 8E 00" },
        { nameof(InspectionRules.ConnAckCodes), 4, "20 02 00 06" },
    };

    /// <summary>What a server sends to a client with these properties in its CONNECT.</summary>
    public static TheoryData<string, string, string> WrongForTheWishes => new()
    {
        { nameof(InspectionRules.PacketSize), Wishes, "30 0B 0001 61 00 78787878787878" },
        { nameof(InspectionRules.TopicAlias), Wishes, "30 07 0001 61 03 23 0003" },
        { nameof(InspectionRules.TopicAliasUnasked), "", "30 07 0001 61 03 23 0001" },
        { nameof(InspectionRules.ProblemInformation), Wishes, "90 08 0001 04 1F 0001 61 00" },
        { nameof(InspectionRules.ResponseInformation), "", "20 07 00 00 04 1A 0001 61" },
        { nameof(InspectionRules.ResponseInformation), "19 00", "20 07 00 00 04 1A 0001 61" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Wrong_packet_is_found(string rule, int version, string bytes) =>
        Assert.Equal([rule], BrokenBy((MqttVersion)version, null, (version == 5 ? Accepted5 : Accepted3) + bytes));

    [Theory, MemberData(nameof(WrongFromTheFirst))]
    public void Wrong_beginning_is_found(string rule, int version, string bytes) =>
        Assert.Equal([rule], BrokenBy((MqttVersion)version, null, bytes));

    [Theory, MemberData(nameof(WrongForTheWishes))]
    public void Packet_against_the_wishes_of_the_client_is_found(string rule, string wishes, string bytes)
    {
        string accepted = bytes.StartsWith("20", StringComparison.Ordinal) ? "" : Accepted5;
        Assert.Equal([rule], BrokenBy(MqttVersion.V5, wishes, accepted + bytes));
    }

    [Theory]
    [InlineData(5, Wishes, Accepted5 + Publish5 + "E0 00")]
    [InlineData(5, Wishes, Accepted5 + "30 07 0001 61 03 23 0002" + "30 06 0000 03 23 0002")]
    [InlineData(5, "19 01", "20 07 00 00 04 1A 0001 61")]
    [InlineData(5, null, "F0 02 18 00" + Accepted5 + "F0 00")]
    [InlineData(5, null, Accepted5 + "30 08 0001 61 04 0B 01 0B 02")]
    [InlineData(5, null, Accepted5 + "90 04 0001 00 A2" + "B0 04 0001 00 11" + "62 03 0001 92" + "40 02 0001")]
    [InlineData(5, null, "20 02 00 01")]
    [InlineData(4, null, "20 02 01 00" + "90 03 0001 80" + "B0 02 0001" + "30 03 0001 61")]
    [InlineData(3, null, Accepted3 + "90 03 0001 02" + "D0 00")]
    public void Right_packets_break_nothing(int version, string? wishes, string bytes) =>
        Assert.Empty(BrokenBy((MqttVersion)version, wishes, bytes));

    /// <summary>Two rules are broken at once: a DISCONNECT is no CONNACK.</summary>
    [Fact]
    public void Refusing_with_DISCONNECT_is_found() => Assert.Equal(
        [nameof(InspectionRules.ConnAckFirst), nameof(InspectionRules.EarlyDisconnect)], BrokenBy(MqttVersion.V5, null, "E0 01 87"));

    [Fact]
    public void Every_rule_has_a_packet_that_breaks_it()
    {
        IEnumerable<string> broken = Wrong.Select(row => row.Data.Item1)
            .Concat(WrongFromTheFirst.Select(row => row.Data.Item1))
            .Concat(WrongForTheWishes.Select(row => row.Data.Item1))
            .Append(nameof(InspectionRules.EarlyDisconnect));
        Assert.Equal(InspectionRules.All.Select(NameOf).Order(), broken.Distinct().Order());
    }

    [Fact]
    public void Every_rule_names_statements_that_exist_and_has_a_name_of_its_own()
    {
        Assert.All(InspectionRules.All.SelectMany(rule => rule.Statements), id => Assert.NotNull(StatementTable.Find(id)));
        Assert.Equal(InspectionRules.All.Count, InspectionRules.All.Select(rule => rule.Name).Distinct().Count());
    }

    [Fact]
    public void Rule_says_nothing_until_a_packet_came_that_it_is_about()
    {
        InspectionLog log = new();
        Assert.False(log.HasTried(InspectionRules.Flags));

        log.Count(PacketType.ConnAck);

        Assert.True(log.HasTried(InspectionRules.Flags));
        Assert.True(log.HasTried(InspectionRules.ConnAckCodes));
        Assert.False(log.HasTried(InspectionRules.AuthCodes));
    }

    [Fact]
    public void Log_keeps_a_few_breaches_and_the_same_in_whatever_order_they_come()
    {
        InspectionLog log = new();
        foreach (string what in new[] { "d", "b", "a", "b", "c" })
        {
            log.Add(new Breach(InspectionRules.Flags, what));
        }

        Assert.Equal(["a", "b", "c"], log.BreachesOf(InspectionRules.Flags));
        Assert.Empty(log.BreachesOf(InspectionRules.Fields));
    }

    private static string[] BrokenBy(MqttVersion version, string? wishes, string hex)
    {
        InspectionLog log = new();
        ConnectionInspector inspector = new(log);
        if (wishes is not null)
        {
            inspector.OnConnect(new ConnectFields(version, "c") { Properties = Bytes(wishes) });
        }

        byte[] bytes = Bytes(hex);
        PacketBuffer buffer = new(version);
        bytes.CopyTo(buffer.Room());
        buffer.Add(bytes.Length);
        while (buffer.Take() is { } packet)
        {
            inspector.OnPacket(packet);
        }

        return [.. InspectionRules.All.Where(rule => log.BreachesOf(rule).Count > 0).Select(NameOf)];
    }

    private static string NameOf(InspectionRule rule) =>
        typeof(InspectionRules).GetFields().Single(field => ReferenceEquals(field.GetValue(null), rule)).Name;

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
