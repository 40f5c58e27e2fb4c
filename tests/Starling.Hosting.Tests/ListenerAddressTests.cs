namespace Starling.Hosting.Tests;

public sealed class ListenerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "tcp://127.0.0.1:1883")]
    [InlineData("127.0.0.1:1884", "tcp://127.0.0.1:1884")]
    [InlineData("tcp://10.1.2.3:0", "tcp://10.1.2.3:0")]
    [InlineData("::1", "tcp://[::1]:1883")]
    [InlineData("[::1]", "tcp://[::1]:1883")]
    [InlineData("[::1]:1884", "tcp://[::1]:1884")]
    [InlineData("localhost:1884", "tcp://127.0.0.1:1884 tcp://[::1]:1884")]
    [InlineData("*", "tcp://0.0.0.0:1883 tcp://[::]:1883")]
    public void Address_and_port_are_read(string text, string expected)
    {
        Assert.True(ListenerAddress.TryParse(text, ListenerAddress.DefaultPort, out IReadOnlyList<ListenerAddress>? listeners));

        Assert.Equal(expected, string.Join(' ', listeners));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.org")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("[::1")]
    [InlineData("ssl://127.0.0.1")]
    public void Other_text_is_refused(string text) => Assert.False(ListenerAddress.TryParse(text, ListenerAddress.DefaultPort, out _));
}
