using System.Globalization;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>Watches numbers below <c>$SYS/broker/</c>.</summary>
internal static class SysReader
{
    public const string Dropped = "publish/messages/dropped";

    /// <summary>Waits until the topic has reached this number, and gives the number it has then.</summary>
    public static async Task<long> WaitAsync(int port, string topic, long atLeast)
    {
        await using WireClient client = await WireClient.ConnectAsync(port, ConnectFields.New(Level.V311));
        Assert.Equal([0], await client.SubscribeAsync(("$SYS/broker/" + topic, 0)));
        long value = -1;
        while (value < atLeast)
        {
            ReceivedPacket packet = await ExpectValueAsync(client, topic, atLeast, value);
            value = long.Parse(packet.Text, CultureInfo.InvariantCulture);
        }

        return value;
    }

    /// <summary>The drops for one reason, which mosquitto counts together only.</summary>
    public static string DroppedFor(string reason) =>
        Brokers.BrokerProcess.Kind == Brokers.BrokerKind.Mosquitto ? Dropped : $"{Dropped}/{reason}";

    private static async Task<ReceivedPacket> ExpectValueAsync(WireClient client, string topic, long atLeast, long value)
    {
        try
        {
            return await client.ExpectAsync(PacketKind.Publish);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"$SYS/broker/{topic} stays at {value}; {atLeast} is due.");
        }
    }
}
