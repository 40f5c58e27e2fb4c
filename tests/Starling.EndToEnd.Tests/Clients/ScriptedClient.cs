using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Clients;

/// <summary>A client library of another language behind a small script that takes commands and gives events as lines of JSON.</summary>
internal sealed class ScriptedClient : IForeignClient
{
    private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
    private readonly Channel<JsonElement> _answers = Channel.CreateUnbounded<JsonElement>();
    private readonly string _name;
    private readonly ChildProcess _process;
    private Level _level;

    private ScriptedClient(string name, string interpreter, string script)
    {
        _name = name;
        _process = ChildProcess.Start(interpreter, [script], OnLine);
    }

    public static ScriptedClient Paho()
    {
        Tool.RequireFile(Tool.Python, "Debian's Python is not installed (packages python3 and python3-paho-mqtt).");
        Tool.RequireFile("/usr/lib/python3/dist-packages/paho/mqtt/client.py", "Paho is not installed (Debian package python3-paho-mqtt).");
        return new ScriptedClient("Paho", Tool.Python, Tool.Script("paho_client.py"));
    }

    public static ScriptedClient MqttJs()
    {
        string node = Tool.Require("node", "nodejs");
        Tool.RequireFile(
            Tool.Script("node_modules/mqtt/package.json"),
            "MQTT.js is not installed (npm ci --prefix tests/Starling.EndToEnd.Tests/Scripts).");
        return new ScriptedClient("MQTT.js", node, Tool.Script("mqttjs_client.js"));
    }

    public async Task<bool?> ConnectAsync(ConnectSettings settings)
    {
        _level = settings.Level;
        var command = new JsonObject
        {
            ["do"] = "connect",
            ["port"] = settings.Port,
            ["version"] = (int)settings.Level,
            ["clientId"] = settings.ClientIdentifier,
            ["clean"] = settings.CleanStart,
            ["expiry"] = settings.SessionExpirySeconds,
            ["will"] = settings.Will is { } will ? ToJson(will) : null,
        };
        JsonElement answer = await AskAsync(command, "connected");
        Assert.Equal(0, answer.GetProperty("reason").GetInt32());
        return settings.Level == Level.V31 ? null : answer.GetProperty("sessionPresent").GetBoolean();
    }

    public async Task SubscribeAsync(string filter, int qos)
    {
        JsonElement answer = await AskAsync(new JsonObject { ["do"] = "subscribe", ["filter"] = filter, ["qos"] = qos }, "subscribed");
        Assert.Equal(qos, answer.GetProperty("codes")[0].GetInt32());
    }

    public async Task PublishAsync(Message message)
    {
        JsonObject command = ToJson(message);
        command["do"] = "publish";
        command["version"] = (int)_level;
        JsonElement answer = await AskAsync(command, "published");
        Assert.True(answer.GetProperty("complete").GetBoolean());
    }

    public async Task<Message> ReceiveAsync(TimeSpan? limit = null) =>
        await Patience.Until(_received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"a message for {_name}", limit);

    public Task DisconnectAsync() => AskAsync(new JsonObject { ["do"] = "disconnect" }, "disconnected");

    public async Task AbortAsync()
    {
        _process.KillNow();
        await _process.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static JsonObject ToJson(Message message) => new()
    {
        ["topic"] = message.Topic,
        ["payload"] = Convert.ToBase64String(message.Payload),
        ["qos"] = message.Qos,
        ["retain"] = message.Retain,
        ["responseTopic"] = message.ResponseTopic,
        ["correlationData"] = message.CorrelationData is { } data ? Convert.ToBase64String(data) : null,
        ["contentType"] = message.ContentType,
        ["userProperties"] = new JsonArray([.. message.UserProperties.Select(p => new JsonArray(p.Key, p.Value))]),
    };

    private static Message ToMessage(JsonElement json) =>
        new(json.GetProperty("topic").GetString() ?? "", json.GetProperty("payload").GetBytesFromBase64())
        {
            Qos = json.GetProperty("qos").GetInt32(),
            Retain = json.GetProperty("retain").GetBoolean(),
            ResponseTopic = json.GetProperty("responseTopic").GetString(),
            CorrelationData = json.GetProperty("correlationData").GetString() is { } data ? Convert.FromBase64String(data) : null,
            ContentType = json.GetProperty("contentType").GetString(),
            UserProperties =
            [
                .. json.GetProperty("userProperties").EnumerateArray()
                    .Select(pair => KeyValuePair.Create(pair[0].GetString() ?? "", pair[1].GetString() ?? "")),
            ],
        };

    private void OnLine(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement json = document.RootElement;
        switch (json.GetProperty("event").GetString())
        {
            case "message":
                _received.Writer.TryWrite(ToMessage(json));
                break;
            case "closed":
                break;
            default:
                _answers.Writer.TryWrite(json.Clone());
                break;
        }
    }

    private async Task<JsonElement> AskAsync(JsonObject command, string expected)
    {
        await _process.WriteLineAsync(command.ToJsonString());
        JsonElement answer = await Patience.Until(
            _answers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(),
            $"{_name}: {expected}. It printed: {_process.Errors}",
            Patience.Long);
        Assert.True(answer.GetProperty("event").GetString() == expected, $"{_name}: {answer}");
        return answer;
    }
}
