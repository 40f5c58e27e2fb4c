namespace Starling.EndToEnd.Tests.Brokers;

/// <summary>One broker with its defaults for all tests of a class; their client identifiers and topics differ.</summary>
public sealed class DefaultBroker : IAsyncLifetime
{
    private BrokerProcess? _broker;

    public int Port => _broker?.Port ?? throw new InvalidOperationException("The broker does not run.");

    public async ValueTask InitializeAsync() => _broker = await BrokerProcess.StartAsync();

    public ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? ValueTask.CompletedTask;
}
