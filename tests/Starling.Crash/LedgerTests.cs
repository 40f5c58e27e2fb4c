using Starling.Crash.Ledger;
using Starling.Crash.Rounds;

namespace Starling.Crash;

/// <summary>That each fault is seen when it happens, and nothing else is taken for one.</summary>
public sealed class LedgerTests
{
    private readonly Findings _findings = new();
    private readonly Scene _scene;
    private readonly MessageStream _stream = new(7, "load/7", 2);
    private readonly Inbox _inbox;

    public LedgerTests()
    {
        _scene = new Scene(_findings, new Tally());
        _inbox = new Inbox(_scene, "receiver");
        _inbox.Ask(_stream, 2);
        _inbox.Open(_stream);
    }

    [Fact]
    public void What_came_once_and_in_order_is_right()
    {
        Receive(Acknowledged(), Acknowledged(), Acknowledged());
        _inbox.Settle();
        Assert.True(_findings.IsEmpty, $"{_findings}");
    }

    [Fact]
    public void An_acknowledged_message_that_did_not_come_is_lost_and_named()
    {
        Receive(Acknowledged());
        Acknowledged();
        _scene.Mark("the kill");
        _inbox.Settle();
        Assert.Equal(1, _findings.CountOf(Fault.Lost));
        Assert.Matches("receiver never got load/7 number 1 of QoS 2, acknowledged [0-9.]+ ms before the kill", $"{_findings}");
    }

    [Fact]
    public void A_message_that_was_not_acknowledged_is_not_owed()
    {
        _stream.Add();
        _inbox.Settle();
        Assert.True(_findings.IsEmpty, $"{_findings}");
    }

    [Fact]
    public void A_message_from_before_the_subscription_is_not_owed()
    {
        Inbox late = new(_scene, "late");
        Acknowledged();
        late.Ask(_stream, 2);
        late.Open(_stream);
        late.Settle();
        Assert.True(_findings.IsEmpty, $"{_findings}");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void A_second_copy_is_wrong_at_QoS_2_only(int qos, int doubled)
    {
        _inbox.Ask(_stream, qos);
        Published message = Acknowledged();
        _inbox.Take(_stream.Payload(message, 0), qos, _stream.Topic);
        _inbox.Take(_stream.Payload(message, 0), qos, _stream.Topic);
        Assert.Equal(doubled, _findings.CountOf(Fault.Doubled));
    }

    [Fact]
    public void A_second_copy_in_a_later_round_is_wrong_too()
    {
        Published message = Acknowledged();
        Receive(message);
        _inbox.Settle();
        Receive(message);
        Assert.Equal(1, _findings.CountOf(Fault.Doubled));
    }

    [Fact]
    public void A_message_behind_a_later_one_is_out_of_order()
    {
        Published first = Acknowledged();
        Receive(Acknowledged(), first);
        Assert.Equal(1, _findings.CountOf(Fault.OutOfOrder));
    }

    [Fact]
    public void A_message_that_was_sent_after_the_end_of_the_subscription_is_stray()
    {
        Published before = Acknowledged();
        _inbox.Close(_stream);
        _inbox.Forbid(_stream);
        Receive(before);
        Assert.True(_findings.IsEmpty, $"{_findings}");
        Receive(Acknowledged());
        Assert.Equal(1, _findings.CountOf(Fault.Stray));
    }

    [Fact]
    public void The_last_acknowledged_retained_message_or_a_later_one_may_be_there()
    {
        MessageStream stream = new(1, "keep", 1) { IsRetained = true };
        Assert.True(stream.MayBeRetained()[0].IsDelete);
        Acknowledge(stream);
        Acknowledge(stream);
        stream.Add(isDelete: true);
        Assert.Equal([1, 2], stream.MayBeRetained().Select(message => message.Number));
        stream.Acknowledge(stream.MayBeRetained()[1]);
        Assert.Equal([2], stream.MayBeRetained().Select(message => message.Number));
        stream.Trim();
        Assert.Equal([2], stream.MayBeRetained().Select(message => message.Number));
    }

    [Fact]
    public void A_will_that_is_due_must_come_to_every_watcher_and_one_that_is_cancelled_to_none()
    {
        WillLedger wills = new(_scene, 1);
        wills.Add("missing", 2).IsDue = true;
        wills.Add("cancelled", 2).IsDue = false;
        wills.Add("unknown", 2);
        Assert.False(wills.IsDrained());
        wills.Settle();
        Assert.Equal(1, _findings.CountOf(Fault.Will));
    }

    [Theory]
    [InlineData("--rounds")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "1", "--layer", "paper")]
    [InlineData("--rounds", "1", "--what", "1")]
    public async Task The_command_says_how_it_is_used(params string[] args)
    {
        await using StringWriter output = new();
        Assert.Equal(64, await CrashCommand.RunAsync(args, output));
        Assert.StartsWith("usage: ", output.ToString(), StringComparison.Ordinal);
    }

    private static Published Acknowledge(MessageStream stream)
    {
        Published message = stream.Add();
        stream.Acknowledge(message);
        return message;
    }

    private Published Acknowledged() => Acknowledge(_stream);

    private void Receive(params Published[] messages)
    {
        foreach (Published message in messages)
        {
            _inbox.Take(_stream.Payload(message, 0), 2, _stream.Topic);
        }
    }
}
