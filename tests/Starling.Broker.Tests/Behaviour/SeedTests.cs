namespace Starling.Broker.Tests.Behaviour;

public sealed class SeedTests
{
    [Fact]
    public void The_same_seed_assigns_the_same_identifiers_in_every_process()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { Seed = 7 });

        Assert.Equal("j89pv42ms1n2297k1zwc2m", broker.Open().Connect("").AssignedClientIdentifier);
    }

    [Fact]
    public void Another_seed_assigns_other_identifiers()
    {
        BrokerHarness one = new(options: BrokerHarness.Options with { Seed = 7 });
        BrokerHarness other = new(options: BrokerHarness.Options with { Seed = 8 });

        Assert.NotEqual(one.Open().Connect("").AssignedClientIdentifier, other.Open().Connect("").AssignedClientIdentifier);
    }
}
