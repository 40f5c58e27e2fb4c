using Starling.Protocol;

namespace Starling.Client.Tests;

public sealed class SubscribeCancelTests : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_cancelled_subscribe_or_request_does_not_wait_for_the_server(bool requests)
    {
        _transport.Server.Silent.Add(PacketType.Subscribe);
        MqttClient client = _transport.Connected(static options => options.Serializers.Add(MqttJson.For(AppJson.Default)));
        using CancellationTokenSource cancel = new();
        Task waiting = requests
            ? client.RequestAsync<int, int>("a", 1, ct: cancel.Token).AsTask()
            : client.SubscribeAsync("a", ct: cancel.Token).AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Subscribe).Length == 1);

        await cancel.CancelAsync();

        // Neither does the loop run here, nor does time pass.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Bounded());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Unsubscribe).Length == 1);
    }
}
