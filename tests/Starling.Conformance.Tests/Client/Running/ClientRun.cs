using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Starling.Client;
using Starling.Conformance.Inspection;
using Starling.Conformance.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>One run of one case in one version: a client, and the server that it talks to.</summary>
internal sealed class ClientRun(MqttVersion version, InspectionLog breaches) : IDisposable
{
    // Nothing here waits for a network; only threads of the pool have to get their turn.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<(MqttClient Client, ScriptedTransport Transport)> _clients = [];

    public MqttVersion Version => version;

    public bool IsV5 => version == MqttVersion.V5;

    /// <summary>What the server answers.</summary>
    public ServerScript Script { get; private set; } = new();

    /// <summary>The server's end of the last connection.</summary>
    public ServerSide Server => Transport.Sides.Count > 0 ? Transport.Sides[^1] : throw new CaseFailedException("the client has not connected");

    /// <summary>How many connections the last client has opened.</summary>
    public int Connections => Transport.Sides.Count;

    private ScriptedTransport Transport => _clients[^1].Transport;

    /// <summary>Forgets what the server was told to answer, for the next client.</summary>
    public void NewScript() => Script = new ServerScript();

    /// <summary>A client that is not connected, with a session that the server keeps.</summary>
    public MqttClient NewClient(Action<MqttClientOptions>? configure = null)
    {
        ScriptedTransport transport = new(Script, new ClientLog(breaches));
        MqttClientOptions options = MqttClientOptions.Parse("mqtt://server");
        options.ClientId = "c";
        options.Version = version;
        options.Transport = transport;
        options.ConnectTimeout = Patience;
        options.ShutdownTimeout = TimeSpan.Zero;
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(1);
        configure?.Invoke(options);
        MqttClient client = new(options);
        _clients.Add((client, transport));
        return client;
    }

    /// <summary>A client that is connected.</summary>
    public MqttClient Connect(Action<MqttClientOptions>? configure = null)
    {
        MqttClient client = NewClient(configure);
        Await(client.ConnectAsync().AsTask());
        return client;
    }

    /// <summary>A client that is connected and subscribed to everything; the case reads and acknowledges.</summary>
    public (MqttClient Client, MqttSubscription Subscription) Subscribe(AckMode mode = AckMode.Manual, Action<MqttClientOptions>? configure = null)
    {
        MqttClient client = Connect(configure);
        SubscribeOptions options = new() { Ack = mode, MaximumQos = QualityOfService.ExactlyOnce };
        return (client, Await(client.SubscribeAsync("#", options).AsTask()));
    }

    /// <summary>The network fails, and the client connects again.</summary>
    public void Reconnect(MqttClient client)
    {
        int connections = Connections;
        Server.Cut();
        WaitFor(() => Connections > connections, "a new connection");
        WaitFor(() => client.State == ConnectionState.Connected, "the client is connected again");
    }

    /// <summary>Begins to publish to "t".</summary>
    public static Task<PublishResult> Publish(MqttClient client, int qos, string text = "x") =>
        client.TryPublishAsync(new MqttMessage { Topic = "t", Payload = PayloadOf(text), Qos = (QualityOfService)qos }).AsTask();

    public static byte[] PayloadOf(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>The next packet of this type, which must come.</summary>
    public ReceivedPacket Expect(PacketType type)
    {
        ReceivedPacket? packet = null;
        WaitFor(() => (packet = Server.Take(type)) is not null, $"{type}");
        return packet ?? throw new CaseFailedException($"{type} was due");
    }

    /// <summary>The server sends this.</summary>
    public void Send(params byte[] bytes)
    {
        Server.Send(bytes);
        Transport.Pump();
    }

    /// <summary>Waits until the client has done whatever it began: it has sent a message that it was given after all else.</summary>
    public void Settle(MqttClient client)
    {
        string mark = Guid.NewGuid().ToString();
        Await(Publish(client, 0, mark));
        WaitFor(() => Server.Of(PacketType.Publish).Any(packet => packet.Text == mark), "a later message");
    }

    /// <summary>Nothing more of this type has come, when the client has done all that it had to do.</summary>
    public void ExpectNone(MqttClient client, PacketType type)
    {
        Settle(client);
        while (Server.Take(type) is { } packet)
        {
            Require(type == PacketType.Publish && packet.Qos == 0, $"no {type} was due; {packet}");
        }
    }

    /// <summary>The client closes the connection.</summary>
    public void ExpectClose() => WaitFor(() => Server.IsClosed, "the client closes the connection");

    public T Await<T>(Task<T> task)
    {
        WaitFor(() => task.IsCompleted, "an end of what the client does");
        return task.GetAwaiter().GetResult();
    }

    public void Await(Task task)
    {
        WaitFor(() => task.IsCompleted, "an end of what the client does");
        task.GetAwaiter().GetResult();
    }

    /// <summary>Lets things happen until the condition holds.</summary>
    public void WaitFor(Func<bool> condition, string what)
    {
        long begun = Stopwatch.GetTimestamp();
        SpinWait spinner = default;
        for (Transport.Pump(); !condition(); Transport.Pump())
        {
            Require(Stopwatch.GetElapsedTime(begun) < Patience, $"{what}: it did not come");
            spinner.SpinOnce();
        }
    }

    /// <summary>Time passes for the client's connection.</summary>
    public void PassSeconds(double seconds) => Transport.Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Fails the case unless the condition holds.</summary>
    public static void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            throw new CaseFailedException(message);
        }
    }

    /// <summary>Fails the case unless both are equal.</summary>
    public static void RequireEqual<T>(T expected, T actual, string what) =>
        Require(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} should be {expected}; it is {actual}");

    /// <summary>The client's user asks for what must not be sent: it is told so, before anything is sent.</summary>
    public static void RequireRefusal(Action action, string what)
    {
        try
        {
            action();
        }
        catch (ArgumentException)
        {
            return;
        }

        throw new CaseFailedException($"{what} was not refused");
    }

    /// <summary>Tries each variant; fails with all that failed, each by its name.</summary>
    public static void Each<T>(IEnumerable<T> variants, Func<T, string> name, Action<T> body)
    {
        List<string> failures = [];
        foreach (T variant in variants)
        {
            try
            {
                body(variant);
            }
            catch (CaseFailedException e)
            {
                failures.Add($"{name(variant)}: {e.Message}");
            }
        }

        Require(failures.Count == 0, string.Join("; ", failures));
    }

    /// <summary>Ends every client.</summary>
    public void Dispose()
    {
        foreach ((MqttClient client, ScriptedTransport transport) in _clients)
        {
            Task disposed = client.DisposeAsync().AsTask();
            SpinWait spinner = default;
            for (transport.Pump(); !disposed.IsCompleted; transport.Pump())
            {
                spinner.SpinOnce();
            }

            disposed.GetAwaiter().GetResult();
        }
    }
}
