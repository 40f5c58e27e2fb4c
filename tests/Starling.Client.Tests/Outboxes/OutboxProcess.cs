using System.Text;
using Faults;
using Starling.CommitLog;
using Starling.Protocol;

namespace Starling.Client.Tests.Outboxes;

/// <summary>One life of a program with an outbox file: a client on a directory that outlives it.</summary>
internal sealed class OutboxProcess : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public OutboxProcess(ILogDirectory directory, SessionServer server, Action<MqttClientOptions>? configure = null, long maxBytes = 1 << 20)
    {
        _transport.Server.Script = server.Answer;
        Client = _transport.Client(options =>
        {
            options.Outbox = OutboxOptions.File("/memory", maxBytes) with { Directory = directory };
            options.InitialConnect = InitialConnect.RetryForever;
            configure?.Invoke(options);
        });
    }

    public MqttClient Client { get; }

    public ScriptedTransport Transport => _transport;

    public static MqttMessage Message(string payload, int qos = 1, int fill = 0) => new()
    {
        Topic = "t",
        Payload = Encoding.UTF8.GetBytes(payload + new string('\0', fill)),
        Qos = (QualityOfService)qos,
    };

    public void Connect() => _transport.Pump(Client.ConnectAsync().AsTask());

    public OutboxTicket Enqueue(string payload, int qos = 1, int fill = 0) => _transport.Pump(Client.EnqueueAsync(Message(payload, qos, fill)).AsTask());

    public void PumpUntil(Func<bool> condition) => _transport.PumpUntil(condition);

    /// <summary>Lets the file take what is not urgent.</summary>
    public void WaitUntilEmpty() => PumpUntil(() => Client.Outbox.Messages == 0);

    /// <summary>The process is killed: nothing more leaves it.</summary>
    public void Kill(MemoryLogDirectory directory, CrashKind kind, int seed = 1)
    {
        _transport.ConnectFault = new IOException("the process is dead");
        if (Client.State == ConnectionState.Connected)
        {
            _transport.Cut();
        }

        // Nothing that the client still does reaches the disk.
        directory.Fault = static _ => FaultKind.Error;
        Dispose();
        directory.Fault = null;
        directory.Crash(kind, seed);
    }

    public void Dispose() => _transport.Dispose();
}
