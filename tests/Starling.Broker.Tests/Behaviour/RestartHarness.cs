namespace Starling.Broker.Tests.Behaviour;

/// <summary>A broker on a <see cref="ModelStore"/> that can crash and start again; its time goes on.</summary>
internal sealed class RestartHarness
{
    private readonly int _shards;
    private readonly BrokerOptions _options;
    private TimeSpan _passed;

    public RestartHarness(int shards = 1, BrokerOptions? options = null)
    {
        _shards = shards;
        _options = options ?? BrokerHarness.Options with { WillGraceAfterRestart = TimeSpan.FromSeconds(60) };
        Store = new ModelStore();
        Broker = Start();
    }

    public ModelStore Store { get; private set; }

    public BrokerHarness Broker { get; private set; }

    public void PassSeconds(double seconds)
    {
        _passed += TimeSpan.FromSeconds(seconds);
        Broker.PassSeconds(seconds);
    }

    /// <summary>The process is killed: only what was committed is there afterwards.</summary>
    /// <param name="shards">How many shards the next run has; null: as many.</param>
    /// <param name="downSeconds">How long nothing runs.</param>
    public BrokerHarness Crash(int? shards = null, double downSeconds = 0)
    {
        Store = Store.Crash();
        _passed += TimeSpan.FromSeconds(downSeconds);
        Broker = Start(shards);
        return Broker;
    }

    private BrokerHarness Start(int? shards = null)
    {
        BrokerHarness broker = new(shards ?? _shards, _options, new BrokerPorts { Store = Store }, _passed);
        broker.Run();
        return broker;
    }
}
