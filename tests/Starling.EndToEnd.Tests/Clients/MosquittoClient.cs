using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Clients;

/// <summary>
/// <c>mosquitto_sub</c> for what a client receives and <c>mosquitto_pub</c> for what it publishes. The subscriber is the client of the
/// settings (identifier, session, Will) and starts with the first subscription; each publication is a process and a connection of its own.
/// </summary>
internal sealed class MosquittoClient : IForeignClient
{
    private const char Separator = '\t';
    private const string Marker = "MESSAGE";

    private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
    private readonly OutputLines _notes = new();
    private ConnectSettings _settings = new(0, Level.V311, "");
    private ChildProcess? _subscriber;

    public Task<bool?> ConnectAsync(ConnectSettings settings)
    {
        _settings = settings;
        return Task.FromResult<bool?>(null);
    }

    public async Task SubscribeAsync(string filter, int qos)
    {
        Assert.Null(_subscriber);
        // Line by line: mosquitto_sub keeps its notes back when it writes to a pipe.
        string program = Tool.Require("stdbuf", "coreutils");
        string format = string.Join(Separator, Marker, "%t", "%q", "%r", "%R", "%D", "%C", "%P", "%x");
        List<string> arguments =
        [
            "-oL", Tool.Require("mosquitto_sub", "mosquitto-clients"), .. CommonArguments(_settings.ClientIdentifier), "-d", "-F", format,
            "-t", filter, "-q", qos.ToString(CultureInfo.InvariantCulture),
        ];
        if (!_settings.CleanStart)
        {
            arguments.Add("-c");
            if (_settings.Level == Level.V50)
            {
                arguments.AddRange(["-x", _settings.SessionExpirySeconds.ToString(CultureInfo.InvariantCulture)]);
            }
        }

        if (_settings.Will is { } will)
        {
            arguments.AddRange(["--will-topic", will.Topic, "--will-payload", will.Text]);
            arguments.AddRange(["--will-qos", will.Qos.ToString(CultureInfo.InvariantCulture)]);
            arguments.AddRange(will.Retain ? ["--will-retain"] : []);
        }

        _subscriber = ChildProcess.Start(program, arguments, OnLine);
        await _notes.WaitForAsync(line => line.StartsWith("Subscribed (mid: 1)", StringComparison.Ordinal), "mosquitto_sub's SUBACK");
    }

    public async Task PublishAsync(Message message)
    {
        string program = Tool.Require("mosquitto_pub", "mosquitto-clients");
        List<string> arguments =
        [
            .. CommonArguments(ForeignClients.NewName("mp-")), "-t", message.Topic,
            "-q", message.Qos.ToString(CultureInfo.InvariantCulture), message.Payload.Length == 0 ? "-n" : "-s",
        ];
        if (message.Retain)
        {
            arguments.Add("-r");
        }

        if (_settings.Level == Level.V50)
        {
            arguments.AddRange(PropertyArguments(message));
        }

        await using ChildProcess publisher = ChildProcess.Start(program, arguments);
        await publisher.WriteAndCloseInputAsync(message.Payload);
        int code = await publisher.WaitForExitAsync();
        Assert.True(code == 0, $"mosquitto_pub ended with {code}: {publisher.Errors}");
    }

    public async Task<Message> ReceiveAsync(TimeSpan? limit = null)
    {
        Task<Message> next = _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        return await Patience.Until(next, "a message for mosquitto_sub", limit);
    }

    public async Task DisconnectAsync()
    {
        if (_subscriber is { } subscriber)
        {
            _subscriber = null;
            subscriber.Signal(ChildProcess.Terminate);
            await subscriber.WaitForExitAsync();
            await subscriber.DisposeAsync();
        }
    }

    public async Task AbortAsync()
    {
        Assert.NotNull(_subscriber);
        _subscriber.KillNow();
        await _subscriber.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => _subscriber?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static IEnumerable<string> PropertyArguments(Message message)
    {
        if (message.ResponseTopic is { } responseTopic)
        {
            foreach (string argument in (string[])["-D", "publish", "response-topic", responseTopic])
            {
                yield return argument;
            }
        }

        if (message.CorrelationData is { } data)
        {
            foreach (string argument in (string[])["-D", "publish", "correlation-data", Encoding.UTF8.GetString(data)])
            {
                yield return argument;
            }
        }

        if (message.ContentType is { } contentType)
        {
            foreach (string argument in (string[])["-D", "publish", "content-type", contentType])
            {
                yield return argument;
            }
        }

        foreach ((string name, string value) in message.UserProperties)
        {
            foreach (string argument in (string[])["-D", "publish", "user-property", name, value])
            {
                yield return argument;
            }
        }
    }

    private static Message ToMessage(string[] fields) => new(fields[1], Convert.FromHexString(fields[8]))
    {
        Qos = int.Parse(fields[2], CultureInfo.InvariantCulture),
        Retain = fields[3] == "1",
        ResponseTopic = fields[4].Length == 0 ? null : fields[4],
        CorrelationData = fields[5].Length == 0 ? null : Encoding.UTF8.GetBytes(fields[5]),
        ContentType = fields[6].Length == 0 ? null : fields[6],
        UserProperties = [.. fields[7].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ToUserProperty)],
    };

    // Names and values of the tests have neither colons nor blanks, so mosquitto_sub's form can be read back.
    private static KeyValuePair<string, string> ToUserProperty(string text)
    {
        string[] parts = text.Split(':', 2);
        return KeyValuePair.Create(parts[0], parts[1]);
    }

    private void OnLine(string line)
    {
        if (line.StartsWith(Marker + Separator, StringComparison.Ordinal))
        {
            _received.Writer.TryWrite(ToMessage(line.Split(Separator)));
        }
        else
        {
            _notes.Add(line);
        }
    }

    private string[] CommonArguments(string clientIdentifier) =>
    [
        "-h", "127.0.0.1", "-p", _settings.Port.ToString(CultureInfo.InvariantCulture), "-i", clientIdentifier,
        "-V", _settings.Level switch { Level.V31 => "mqttv31", Level.V311 => "mqttv311", _ => "mqttv5" },
    ];
}
