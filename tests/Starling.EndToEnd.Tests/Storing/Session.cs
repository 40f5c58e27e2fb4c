using System.Globalization;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Storing;

/// <summary>A persistent session with one subscription, and what was published into it while its client was away.</summary>
internal sealed record Session(string ClientIdentifier, string Topic)
{
    private const ForeignClient Kind = ForeignClient.MqttNet;

    public static Session New() => new(ForeignClients.NewName("kept-"), ForeignClients.NewName("kept/"));

    /// <summary>Subscribes and leaves.</summary>
    public async Task BeginAsync(int port)
    {
        await using IForeignClient client = await ForeignClients.ConnectAsync(Kind, Settings(port));
        await client.SubscribeAsync(Topic, 2);
        await client.DisconnectAsync();
    }

    /// <summary>Publishes the numbers of a range, at QoS 1; returns when all are acknowledged.</summary>
    public async Task PublishAsync(int port, int first, int count)
    {
        await using IForeignClient client = await ConnectPublisherAsync(port);
        for (int number = first; number < first + count; number++)
        {
            await client.PublishAsync(Message.Of(Topic, number.ToString(CultureInfo.InvariantCulture), qos: 1));
        }

        await client.DisconnectAsync();
    }

    public static Task<IForeignClient> ConnectPublisherAsync(int port) =>
        ForeignClients.ConnectAsync(Kind, new ConnectSettings(port, Level.V50, ForeignClients.NewName("pub-")));

    /// <summary>Comes back, and takes so many numbers in the order in which they arrive.</summary>
    public async Task<List<int>> TakeAsync(int port, int count)
    {
        await using IForeignClient client = ForeignClients.Create(Kind);
        Assert.Equal(true, await client.ConnectAsync(Settings(port)));
        List<int> numbers = [];
        while (numbers.Count < count)
        {
            numbers.Add(int.Parse((await client.ReceiveAsync()).Text, CultureInfo.InvariantCulture));
        }

        await client.DisconnectAsync();
        return numbers;
    }

    private ConnectSettings Settings(int port) => new ConnectSettings(port, Level.V50, ClientIdentifier).Persistent();
}
