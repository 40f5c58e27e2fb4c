namespace ClientBench;

/// <summary>A client library, as far as it is measured.</summary>
internal interface IBenchClient : IAsyncDisposable
{
    Task ConnectAsync(int port);

    /// <summary>Publishes; done when the library says so: written at QoS 0, acknowledged at QoS 1.</summary>
    Task PublishAsync(int qos, byte[] payload);

    /// <summary>Subscribes; each message is acknowledged after the call.</summary>
    Task SubscribeAsync(int qos, Action received);
}
