using System.Globalization;
using Starling.Client;

namespace Starling.Cli.Tests.Commands;

public sealed class RrTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData("5")]
    [InlineData("311")]
    public async Task Response_is_printed(string version)
    {
        await using Responder responder = await Responder.StartAsync(broker, $"rr/{version}");

        CliRun run = await RunAsync($"rr/{version}", "-V", version, "-m", "hello", "-q", "1", "-v");

        Assert.Equal((0, $"rr/{version}/answer re: hello\n", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Response_to_another_request_is_left_out()
    {
        await using Responder responder = await Responder.StartAsync(broker, "rr/mixed", sendsAnotherFirst: true);

        CliRun run = await RunAsync("rr/mixed", "-m", "mine");

        Assert.Equal((0, "re: mine\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task Latencies_of_many_requests_are_summed_up()
    {
        await using Responder responder = await Responder.StartAsync(broker, "rr/many");

        CliRun run = await RunAsync("rr/many", "-m", "x", "--count", "20", "--latency");

        Assert.Equal(0, run.Code);
        Assert.Matches("^20 responses: min [0-9.]+ ms, p50 [0-9.]+ ms, p90 [0-9.]+ ms, p99 [0-9.]+ ms, max [0-9.]+ ms\n$", run.Output);
    }

    [Fact]
    public async Task Response_that_does_not_come_is_27()
    {
        CliRun run = await CliRun.RunAsync(["rr", .. broker.Address, "-t", "rr/nobody", "-e", "rr/nobody/answer", "-n", "-W", "1"]);

        Assert.Equal((27, "starling: Timed out: there was no response on rr/nobody/answer for 1 s.\n"), (run.Code, run.Error));
    }

    private Task<CliRun> RunAsync(string topic, params string[] flags) =>
        CliRun.RunAsync(["rr", .. broker.Address, "-t", topic, "-e", $"{topic}/answer", "-W", "30", .. flags]);

    /// <summary>Answers requests until it is disposed.</summary>
    private sealed class Responder(MqttClient client, MqttSubscription requests, string topic, bool sendsAnotherFirst) : IAsyncDisposable
    {
        private Task _run = Task.CompletedTask;

        public static async Task<Responder> StartAsync(BrokerFixture broker, string topic, bool sendsAnotherFirst = false)
        {
            string address = string.Create(CultureInfo.InvariantCulture, $"mqtt://{broker.Address[1]}:{broker.Address[3]}");
            MqttClient client = await MqttClient.ConnectAsync(address, TestContext.Current.CancellationToken);
            Responder responder = new(client, await client.SubscribeAsync(topic, null, TestContext.Current.CancellationToken), topic, sendsAnotherFirst);
            responder._run = responder.AnswerAsync();
            return responder;
        }

        public async ValueTask DisposeAsync()
        {
            await requests.DisposeAsync();
            await client.DisposeAsync();
            await _run;
        }

        private async Task AnswerAsync()
        {
            await foreach (MqttDelivery request in requests)
            {
                // A client of 3.1.1 cannot say where it wants its answer.
                string answer = request.Message.ResponseTopic ?? $"{topic}/answer";
                if (sendsAnotherFirst)
                {
                    await client.PublishAsync(new MqttMessage { Topic = answer, Payload = "another"u8.ToArray(), CorrelationData = "other"u8.ToArray() });
                }

                await client.PublishAsync(new MqttMessage
                {
                    Topic = answer, Payload = (byte[])[.. "re: "u8, .. request.Message.Payload.Span], CorrelationData = request.Message.CorrelationData,
                });
            }
        }
    }
}
