using System.Net;

namespace Starling.Hosting.Tests;

public sealed class StarlingOptionsTests
{
    [Fact]
    public void Defaults_need_only_a_data_directory() => Assert.Null(new StarlingOptions { DataDirectory = "/data" }.FindError());

    [Fact]
    public void Memory_needs_no_data_directory() => Assert.Null(new StarlingOptions { Durability = Durability.Memory }.FindError());

    [Fact]
    public void Data_directory_that_memory_leaves_unused_is_no_mistake() =>
        Assert.Null(new StarlingOptions { Durability = Durability.Memory, DataDirectory = "/data" }.FindError());

    [Fact]
    public void Memory_budget_is_a_quarter_of_the_machine_by_default() =>
        Assert.Equal(
            Math.Max(32L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4),
            new StarlingOptions().EffectiveMemoryBudgetBytes);

    [Fact]
    public void Value_out_of_range_that_a_program_has_set_is_found()
    {
        StarlingOptions options = new() { Broker = new() { ReceiveMaximum = 0 }, Durability = Durability.Memory };

        Assert.StartsWith("Limits:ReceiveMaximum=0 is not allowed", options.FindError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Durability.Fsync, "Durability=fsync")]
    [InlineData(Durability.Os, "Durability=os")]
    public void Durability_without_a_directory_is_refused_with_both_ways_out(Durability durability, string named)
    {
        string? error = new StarlingOptions { Durability = durability }.FindError();

        Assert.StartsWith($"DataDirectory is missing, and {named} keeps", error, StringComparison.Ordinal);
        Assert.Contains("Set DataDirectory=/var/lib/starling", error, StringComparison.Ordinal);
        Assert.Contains("Durability=memory", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    public void Listener_that_the_network_reaches_is_refused_without_a_word_on_who_may_connect(string address)
    {
        StarlingOptions options = new() { Listeners = [new(new IPEndPoint(IPAddress.Parse(address), 1883))], Durability = Durability.Memory };

        Assert.Contains("AllowAnonymous=true", options.FindError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AnonymousAccess.Everywhere)]
    [InlineData(AnonymousAccess.Nowhere)]
    public void Listener_that_the_network_reaches_is_allowed_with_it(AnonymousAccess access)
    {
        StarlingOptions options = new()
        {
            Listeners = [new(new IPEndPoint(IPAddress.Any, 1883))],
            AllowAnonymous = access,
            Durability = Durability.Memory,
        };

        Assert.Null(options.FindError());
    }
}
