using Starling.Client.Outboxes;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>
/// A QoS 1 or QoS 2 message on its way through the outbox, and the caller that waits for its outcome, if there is one. The caller may
/// stop waiting; the exchange goes on. Any thread, but for what says otherwise.
/// </summary>
internal sealed class PublishCall(Outbox outbox, long bytes, OutboxStore? store)
{
    private readonly TaskCompletionSource<PublishResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource? _stored;
    private OutgoingMessage? _message;
    private int _isOver;

    /// <summary>Done with the outcome.</summary>
    public Task<PublishResult> Task => _result.Task;

    /// <summary>Done when the message is in the outbox; fails when it cannot be.</summary>
    public Task Stored => _stored?.Task ?? System.Threading.Tasks.Task.CompletedTask;

    /// <summary>The file that it is in; null for memory.</summary>
    public OutboxStore? Store => store;

    /// <summary>False for what an earlier process has left.</summary>
    public bool HasCaller { get; init; } = true;

    /// <summary>Whether the outcome belongs to a ticket, which nobody has to look at.</summary>
    public bool IsTicket
    {
        get => _stored is not null;
        init => _stored = value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    }

    /// <summary>Whether a refusal is an exception of the outcome.</summary>
    public bool RefusalThrows { get; init; }

    /// <summary>The number in the outbox, from 1.</summary>
    public ulong Id { get; set; }

    /// <summary>When it expires, in milliseconds since 1970 in UTC by the clock of the options; null for never.</summary>
    public long? ExpiresAtUtcMilliseconds { get; init; }

    /// <summary>Topic, properties and payload.</summary>
    public int ContentBytes => (int)bytes;

    /// <summary>What is sent.</summary>
    public OutgoingMessage Message
    {
        get => _message ?? throw new InvalidOperationException("The call has no message yet.");
        set => _message = value;
    }

    /// <summary>Whether nothing more is owed for it.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>The caller has cancelled: what was not sent yet is not sent.</summary>
    public bool IsWithdrawn => _result.Task.IsCanceled;

    /// <summary>What PUBREC said, for the store's thread.</summary>
    public ReasonCode PubRecReason { get; set; }

    /// <summary>What PUBREC said, once that is in the file; of the store's thread, as the next two.</summary>
    public ReasonCode? Received { get; set; }

    /// <summary>The place in the order of PUBRECs.</summary>
    public ulong ReleasePlace { get; set; }

    /// <summary>The segment that holds the message.</summary>
    public ulong Segment { get; set; }

    /// <summary>
    /// The Packet Identifier that follows from a ticket, so that it needs no record of its own: a process that starts again uses the
    /// same.
    /// </summary>
    public static ushort IdentifierOf(ulong ticket) => (ushort)(1 + ((ticket - 1) % ushort.MaxValue));

    /// <summary>Gives the message its ticket in a file.</summary>
    public void Name(ulong ticket)
    {
        Id = ticket;
        Message.FixedPacketIdentifier = IdentifierOf(ticket);
    }

    /// <summary>The message is in the outbox.</summary>
    public void SetStored() => _stored?.TrySetResult();

    /// <summary>The caller does not wait any more. False when it has a ticket by then, or the outcome: then nothing changes.</summary>
    public bool TryCancel(CancellationToken ct) => (_stored is null || _stored.TrySetCanceled(ct)) && _result.TrySetCanceled(ct);

    /// <summary>The exchange is over.</summary>
    public void Complete(PublishResult result)
    {
        if (!TryEnd())
        {
            return;
        }

        if (result.Status == PublishStatus.Refused)
        {
            outbox.CountFailed(this, DropReason.Refused);
        }
        else
        {
            outbox.CountAcknowledged(this);
        }

        if (RefusalThrows && result.Status == PublishStatus.Refused)
        {
            SetException(Rejection(Message.Qos, result));
        }
        else
        {
            _result.TrySetResult(result);
        }
    }

    /// <summary>The exchange was given up.</summary>
    /// <param name="cause">What the caller gets.</param>
    /// <param name="reason">What is counted when there is no caller; null for nothing.</param>
    public void Fail(MqttException cause, DropReason? reason = null)
    {
        if (TryEnd() && reason is { } counted)
        {
            outbox.CountFailed(this, counted);
        }

        SetException(cause);
    }

    /// <summary>The caller gets an exception, and the message stays where it is: in the file.</summary>
    public void Abandon(MqttException cause) => SetException(cause);

    /// <summary>The message was taken back before it was sent.</summary>
    public void Leave() => TryEnd();

    /// <summary>The exception that stands for a refusal.</summary>
    public static MqttRejectedException Rejection(QualityOfService qos, PublishResult result) => new(
        qos == QualityOfService.ExactlyOnce ? PacketType.PubRec : PacketType.PubAck,
        result.Reason ?? ReasonCode.UnspecifiedError,
        result.ReasonString);

    private bool TryEnd()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return false;
        }

        outbox.Leave(bytes);
        store?.Done(this);
        return true;
    }

    // Whoever does not look at a ticket has decided so: that is no unobserved fault.
    private void SetException(MqttException cause)
    {
        if (_stored is { } stored && stored.TrySetException(cause))
        {
            _ = stored.Task.Exception;
        }

        if (_result.TrySetException(cause) && (IsTicket || !HasCaller))
        {
            _ = _result.Task.Exception;
        }
    }
}
