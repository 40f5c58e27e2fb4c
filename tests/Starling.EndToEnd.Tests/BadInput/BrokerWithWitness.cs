using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.BadInput;

/// <summary>A broker with two well-behaved connections, which must not notice what happens on others.</summary>
public sealed class BrokerWithWitness : IAsyncLifetime
{
    private readonly List<WireClient> _witnesses = [];
    private BrokerProcess? _process;
    private int _published;

    internal BrokerProcess Process => _process ?? throw new InvalidOperationException("The broker does not run.");

    public async ValueTask InitializeAsync()
    {
        _process = await BrokerProcess.StartAsync();
        foreach (Level level in (Level[])[Level.V311, Level.V50])
        {
            WireClient witness = await WireClient.ConnectAsync(Process.Port, ConnectFields.New(level));
            await witness.SubscribeAsync(("witness/#", 0));
            _witnesses.Add(witness);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WireClient witness in _witnesses)
        {
            await witness.DisposeAsync();
        }

        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    internal async Task AssertWitnessesAreWellAsync()
    {
        string text = $"{++_published}";
        await _witnesses[0].PublishAsync(Message.Of("witness/1", text));
        foreach (WireClient witness in _witnesses)
        {
            Assert.Equal(text, (await witness.ExpectAsync(PacketKind.Publish)).Text);
        }
    }
}
