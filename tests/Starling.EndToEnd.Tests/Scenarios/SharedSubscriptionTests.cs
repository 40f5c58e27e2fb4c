using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>A group of subscribers shares the messages of a filter; each goes to exactly one of them.</summary>
public sealed class SharedSubscriptionTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    private const int Messages = 60;

    public static TheoryData<ForeignClient> Clients => [.. ForeignClients.All];

    [Theory, MemberData(nameof(Clients))]
    public async Task Each_message_goes_to_one_member_and_every_member_gets_some(ForeignClient kind)
    {
        string topic = ForeignClients.NewName("sh/");
        await using IForeignClient first = await ConnectAsync(kind);
        await using IForeignClient second = await ConnectAsync(kind);
        await using IForeignClient publisher = await ConnectAsync(ForeignClient.MqttNet);
        await first.SubscribeAsync($"$share/workers/{topic}/#", 1);
        await second.SubscribeAsync($"$share/workers/{topic}/#", 1);

        for (int number = 0; number < Messages; number++)
        {
            await publisher.PublishAsync(Message.Of($"{topic}/{number}", number.ToString(), qos: 1));
        }

        List<string> mine = await ReceiveUntilQuietAsync(first, second);
        Assert.Equal(Enumerable.Range(0, Messages).Select(n => n.ToString()).Order(), mine.Order());
    }

    private static async Task<List<string>> ReceiveUntilQuietAsync(IForeignClient first, IForeignClient second)
    {
        var texts = new List<string>();
        Task<Message> fromFirst = first.ReceiveAsync();
        Task<Message> fromSecond = second.ReceiveAsync();
        int firstCount = 0;
        while (texts.Count < Messages)
        {
            Task<Message> next = await Task.WhenAny(fromFirst, fromSecond);
            texts.Add((await next).Text);
            if (next == fromFirst)
            {
                firstCount++;
                fromFirst = first.ReceiveAsync();
            }
            else
            {
                fromSecond = second.ReceiveAsync();
            }
        }

        Assert.InRange(firstCount, 1, Messages - 1);
        return texts;
    }

    private Task<IForeignClient> ConnectAsync(ForeignClient kind) =>
        ForeignClients.ConnectAsync(kind, new ConnectSettings(broker.Port, Level.V50, ForeignClients.NewName("sh-")));
}
