using Microsoft.Extensions.Logging;
using Starling.Client.Core;
using Starling.CommitLog;

namespace Starling.Client.Outboxes;

/// <summary>
/// The outbox file and its thread. Changes of any thread are queued; the thread writes what has gathered, syncs once, and lets the
/// messages on to the loop: the time of a sync is the only batching there is. That a message is done is not urgent, and goes with the
/// next sync or after a moment.
/// </summary>
internal sealed class OutboxStore(OutboxStoreParts parts) : IAsyncDisposable
{
    // What waits for nobody is written when so much of it has gathered, or after this time.
    private const int LazyChangesMax = 256;
    private const int LazyMilliseconds = 100;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Queue<OutboxChange> _work = new();
    private List<OutboxChange> _changes = [];
    private List<OutboxChange> _read = [];
    private TaskCompletionSource? _opened;
    private TaskCompletionSource? _ended;
    private MqttException? _failure;
    private bool _isUrgent;
    private bool _isStopping;

    /// <summary>The file that the options ask for; null for memory.</summary>
    public static OutboxStore? Create(MqttClientOptions options, Outbox outbox, ClientCore core, ILogger logger) =>
        options.Outbox.Path is not { } path || options.ClientId is not { } clientId ? null : new OutboxStore(new OutboxStoreParts
        {
            Directory = options.Outbox.Directory ?? new LogDirectory(path),
            ClientId = clientId,
            MaxBytes = options.Outbox.MaxBytes,
            Outbox = outbox,
            Mailbox = core.Mailbox,
            Time = options.TimeProvider,
            Logger = logger,
            Restore = (calls, now) => core.Outgoing.Restore(calls, now),
        });

    /// <summary>Opens the file, unless it is open. What an earlier process has left goes to the loop before anything else.</summary>
    /// <exception cref="MqttOutboxException">It cannot be opened; the next call tries again.</exception>
    public Task OpenAsync()
    {
        lock (_gate)
        {
            return Start();
        }
    }

    /// <summary>Stores a message; the loop gets it afterwards. In the order of the calls.</summary>
    public void Add(PublishCall call)
    {
        MqttException? failure;
        lock (_gate)
        {
            failure = _failure;
            if (failure is null)
            {
                _ = Start();
                Push(new OutboxChange(OutboxChangeKind.Stored, call), isUrgent: true);
            }
        }

        if (failure is not null)
        {
            call.Fail(failure);
        }
    }

    /// <summary>PUBREC took a message: when that is on the disk, the loop gets the call as a letter. The loop's thread.</summary>
    public void Received(PublishCall call)
    {
        MqttException? failure;
        lock (_gate)
        {
            failure = _failure;
            if (failure is null)
            {
                Push(new OutboxChange(OutboxChangeKind.Received, call), isUrgent: true);
            }
        }

        if (failure is not null)
        {
            // PUBREL never leaves from here; the next process sends the message again under its identifier, and the server knows it.
            call.Abandon(failure);
        }
    }

    /// <summary>Nothing more is owed for a message.</summary>
    public void Done(PublishCall call)
    {
        lock (_gate)
        {
            if (_failure is null)
            {
                Push(new OutboxChange(OutboxChangeKind.Done, call), isUrgent: _changes.Count >= LazyChangesMax);
            }
        }
    }

    /// <summary>Writes what has gathered, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        Task ended;
        lock (_gate)
        {
            _isStopping = true;
            ended = _ended?.Task ?? Task.CompletedTask;
            _wake.Set();
        }

        await ended.ConfigureAwait(false);
        Close(new MqttNotConnectedException("The client was disposed.", isTransient: false));
        _wake.Dispose();
    }

    // What came after the last round is not written, and what still comes wakes nobody.
    private void Close(MqttNotConnectedException cause)
    {
        OutboxChange[] late;
        lock (_gate)
        {
            _failure ??= cause;
            late = [.. _changes];
            _changes.Clear();
        }

        Refuse(late, cause);
    }

    // With the gate held.
    private Task Start()
    {
        if (_opened is not null)
        {
            return _opened.Task;
        }

        ObjectDisposedException.ThrowIf(_isStopping, typeof(MqttClient));
        _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (TaskCompletionSource opened, TaskCompletionSource ended) = (_opened, _ended);
        new Thread(() => Run(opened, ended)) { IsBackground = true, Name = "starling-outbox" }.Start();
        return opened.Task;
    }

    // With the gate held.
    private void Push(in OutboxChange change, bool isUrgent)
    {
        bool isFirst = _changes.Count == 0;
        _changes.Add(change);
        _isUrgent |= isUrgent;
        if (isFirst || isUrgent)
        {
            _wake.Set();
        }
    }

    private void Run(TaskCompletionSource opened, TaskCompletionSource ended)
    {
        OutboxFile? file = null;
        try
        {
            file = Open();
            opened.TrySetResult();
            bool isLast;
            do
            {
                isLast = WaitForWork(file.HasUncommitted);
                Write(file);
            }
            while (!isLast);
        }
        catch (Exception fault)
        {
            End(opened, file, fault);
        }
        finally
        {
            file?.Dispose();
        }

        ended.TrySetResult();
    }

    private OutboxFile Open()
    {
        OutboxReplay replay = new(parts.Outbox, this);
        OutboxFile file = OutboxFile.Open(parts, replay, OnCommitted);
        PublishCall[] left = [.. file.Live];
        parts.Outbox.Restore(left);
        parts.Mailbox.Post(now => parts.Restore(left, now));
        if (left.Length > 0)
        {
            parts.Logger.OutboxRestored(left.Length, parts.Directory.Path);
        }

        return file;
    }

    // True when this is the last round.
    private bool WaitForWork(bool isBehind)
    {
        while (true)
        {
            bool isLazy;
            lock (_gate)
            {
                if (_isUrgent || _isStopping)
                {
                    Take();
                    return _isStopping;
                }

                isLazy = isBehind || _changes.Count > 0 || _work.Count > 0;
            }

            if (!isLazy)
            {
                _wake.WaitOne();
            }
            else if (!_wake.WaitOne(LazyMilliseconds))
            {
                lock (_gate)
                {
                    Take();
                    return _isStopping;
                }
            }
        }
    }

    // With the gate held.
    private void Take()
    {
        (_changes, _read) = (_read, _changes);
        _changes.Clear();
        _isUrgent = false;
        _read.ForEach(_work.Enqueue);
    }

    private void Write(OutboxFile file)
    {
        while (_work.TryPeek(out OutboxChange change))
        {
            if (IsVoid(change) || file.TryAppend(change))
            {
                _work.Dequeue();
                continue;
            }

            bool isCommitted = file.Commit();
            if (isCommitted && file.TryAppend(change))
            {
                _work.Dequeue();
            }
            else if (!isCommitted || !TryUpkeep(file) || file.IsDiskFull)
            {
                RefuseNew();
                break;
            }
        }

        if (file.Commit())
        {
            TryUpkeep(file);
        }
    }

    // A message that was withdrawn or failed before it was written leaves no trace.
    private static bool IsVoid(in OutboxChange change)
    {
        if (change.Kind == OutboxChangeKind.Stored && change.Call.IsWithdrawn)
        {
            change.Call.Leave();
        }

        return change.Kind == OutboxChangeKind.Stored ? change.Call.IsOver : change.Call.Id == 0;
    }

    private static bool TryUpkeep(OutboxFile file)
    {
        try
        {
            file.Upkeep();
            return true;
        }
        catch (LogFullException)
        {
            // What gives space back needs a little itself; it is tried again after the next commit.
            return false;
        }
    }

    // The disk is full: new messages are refused, and what belongs to old ones waits for room.
    private void RefuseNew()
    {
        for (int count = _work.Count; count > 0; count--)
        {
            OutboxChange change = _work.Dequeue();
            if (change.Kind == OutboxChangeKind.Stored)
            {
                change.Call.Fail(MqttOutboxFullException.OfDisk(parts.Directory.Path));
            }
            else
            {
                _work.Enqueue(change);
            }
        }
    }

    private void OnCommitted(OutboxChange change)
    {
        PublishCall call = change.Call;
        if (change.Kind == OutboxChangeKind.Received)
        {
            parts.Mailbox.Post(call);
        }
        else if (change.Kind == OutboxChangeKind.Stored)
        {
            // The loop looks whether it was withdrawn meanwhile.
            parts.Mailbox.Post(call.Message);
            call.SetStored();
        }
    }

    private void End(TaskCompletionSource opened, OutboxFile? file, Exception fault)
    {
        MqttOutboxException failure = MqttOutboxException.From(fault, parts.Directory.Path);
        List<OutboxChange> waiting = [.. file?.Uncommitted ?? [], .. _work];
        _work.Clear();
        lock (_gate)
        {
            if (opened.Task.IsCompleted)
            {
                _failure = failure;
            }
            else
            {
                // Nothing was lost or begun: another attempt may find the directory free, or repaired.
                _opened = null;
            }

            waiting.AddRange(_changes);
            _changes.Clear();
            _isUrgent = false;
        }

        parts.Logger.OutboxFailed(failure.Message);
        opened.TrySetException(failure);
        _ = opened.Task.Exception;
        Refuse(waiting, failure);
    }

    private static void Refuse(IEnumerable<OutboxChange> waiting, MqttException failure)
    {
        foreach (OutboxChange change in waiting)
        {
            if (change.Kind == OutboxChangeKind.Stored)
            {
                change.Call.Fail(failure);
            }
            else if (change.Kind == OutboxChangeKind.Received)
            {
                change.Call.Abandon(failure);
            }
        }
    }
}
