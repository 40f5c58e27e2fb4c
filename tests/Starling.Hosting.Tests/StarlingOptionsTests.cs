using System.Net;

namespace Starling.Hosting.Tests;

public sealed class StarlingOptionsTests
{
    [Fact]
    public void Defaults_are_right() => Assert.Null(new StarlingOptions().FindError());

    [Fact]
    public void Memory_budget_is_a_quarter_of_the_machine_by_default() =>
        Assert.Equal(
            Math.Max(32L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4),
            new StarlingOptions().EffectiveMemoryBudgetBytes);

    [Fact]
    public void Value_out_of_range_that_a_program_has_set_is_found()
    {
        StarlingOptions options = new() { Broker = new() { ReceiveMaximum = 0 } };

        Assert.StartsWith("Limits:ReceiveMaximum=0 is not allowed", options.FindError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Durability.Fsync, "Durability=fsync")]
    [InlineData(Durability.Os, "Durability=os")]
    public void Durability_that_needs_the_commit_log_is_refused(Durability durability, string named)
    {
        string? error = new StarlingOptions { Durability = durability }.FindError();

        Assert.StartsWith($"{named} needs the commit log", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_directory_is_refused_while_nothing_is_stored_there() =>
        Assert.StartsWith("DataDirectory=/data needs", new StarlingOptions { DataDirectory = "/data" }.FindError(), StringComparison.Ordinal);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    public void Listener_that_the_network_reaches_is_refused_without_a_word_on_who_may_connect(string address)
    {
        StarlingOptions options = new() { Listeners = [new(new IPEndPoint(IPAddress.Parse(address), 1883))] };

        Assert.Contains("AllowAnonymous=true", options.FindError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AnonymousAccess.Everywhere)]
    [InlineData(AnonymousAccess.Nowhere)]
    public void Listener_that_the_network_reaches_is_allowed_with_it(AnonymousAccess access)
    {
        StarlingOptions options = new() { Listeners = [new(new IPEndPoint(IPAddress.Any, 1883))], AllowAnonymous = access };

        Assert.Null(options.FindError());
    }
}
