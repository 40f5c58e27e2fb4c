using Microsoft.Extensions.Logging.Abstractions;
using Starling.Client.Core;
using Starling.Client.Telemetry;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;

namespace Starling.Client.Tests.Connecting;

/// <summary>The loop's side of attempts to connect, with its letters read when a test says so.</summary>
public sealed class AttemptTests : IDisposable
{
    private readonly ClientTelemetry _telemetry = new(null, TimeProvider.System, new TelemetryGauges
    {
        State = static () => ConnectionState.Idle,
        Inflight = static () => 0,
        Outbox = static () => new OutboxInfo(0, 0, 0, 0, 0),
        HeldAcknowledgements = static () => 0,
    });

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public void An_attempt_that_was_given_up_is_aborted_although_the_next_one_is_attached_already()
    {
        ClientCore core = Core();
        (Output first, Output second) = (new Output(), new Output());
        ConnectAttempt slow = Attempt();
        core.Expect(slow);
        core.Attach(first, default, default);

        core.GiveUp(slow);
        core.Expect(Attempt());
        core.Attach(second, default, default);
        core.ReadMailboxes(default);

        Assert.Equal((true, false), (first.IsAborted, second.IsAborted));
    }

    private static ConnectAttempt Attempt() => new(
        new Uri("mqtt://server"),
        new SettingsBuilder(MqttClientOptions.Parse("mqtt://server"), "c").Build(MqttVersion.V5, isFirst: true, null, default),
        TestContext.Current.CancellationToken);

    private ClientCore Core()
    {
        Mailbox mailbox = new();
        ClientSession session = new(false);
        EventDispatcher events = new(NullLogger.Instance, static _ => { }, static _ => { });
        return new ClientCore(session, mailbox, new BatchWriter(mailbox, events), events)
        {
            Outgoing = new OutgoingMessages(session, TimeProvider.System),
            Challenges = new ChallengeAnswerer(mailbox, null),
            Logger = NullLogger.Instance,
            Telemetry = _telemetry,
        };
    }

    private sealed class Output : IConnectionOutput
    {
        public bool IsAborted { get; private set; }

        public int PendingBytes => 0;

        public Span<byte> GetSpan(int length) => new byte[length];

        public void Advance(int length)
        {
        }

        public void Append(IOutputBlock block, int offset, int length) => throw new NotSupportedException();

        public void PauseReading()
        {
        }

        public void ResumeReading()
        {
        }

        public void Close()
        {
        }

        public void Abort() => IsAborted = true;

        public void MoveTo(int loopIndex) => throw new NotSupportedException();
    }
}
