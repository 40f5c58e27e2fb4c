using System.Text;
using Starling.Cli.Commands;
using Starling.Client;

namespace Starling.Cli.Tests.Commands;

public sealed class MessagePrinterTests
{
    [Theory]
    [InlineData("payload", false, true, "payload\n")]
    [InlineData("payload", true, true, "a/b payload\n")]
    [InlineData("payload", false, false, "payload")]
    [InlineData("payload", true, false, "a/b payload")]
    [InlineData("", true, true, "a/b (null)\n")]
    [InlineData("", false, true, "")]
    [InlineData("", true, false, "")]
    public void Message_is_printed_as_mosquitto_sub_does(string payload, bool withTopic, bool withEnd, string printed)
    {
        using MemoryStream output = new();

        new MessagePrinter(output, withTopic, withEnd).Print(new MqttMessage { Topic = "a/b", Payload = Encoding.UTF8.GetBytes(payload) });

        Assert.Equal(printed, Encoding.UTF8.GetString(output.ToArray()));
    }
}
