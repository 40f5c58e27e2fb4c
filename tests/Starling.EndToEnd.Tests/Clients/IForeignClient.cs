namespace Starling.EndToEnd.Tests.Clients;

/// <summary>A client of another project, driven in the same way whatever it is. Used by one test at a time.</summary>
internal interface IForeignClient : IAsyncDisposable
{
    /// <summary>Session Present of CONNACK; null where the software or the version does not tell.</summary>
    Task<bool?> ConnectAsync(ConnectSettings settings);

    /// <summary>Returns at SUBACK.</summary>
    Task SubscribeAsync(string filter, int qos);

    /// <summary>Returns when the exchange of the message's QoS is complete.</summary>
    Task PublishAsync(Message message);

    /// <summary>The next message, in the order of arrival.</summary>
    Task<Message> ReceiveAsync(TimeSpan? limit = null);

    /// <summary>Ends the connection with DISCONNECT.</summary>
    Task DisconnectAsync();

    /// <summary>Ends the connection without DISCONNECT.</summary>
    Task AbortAsync();
}
