using System.Collections.Concurrent;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests;

/// <summary>A client of a loop whose behaviour a test sets.</summary>
internal sealed class TestClient : ILoopClient
{
    private readonly ConcurrentQueue<Action> _mail = new();
    private ILoop? _loop;

    public ILoop Loop => _loop ?? throw new InvalidOperationException("Not started.");

    /// <summary>Makes what handles a new connection; an echo by default.</summary>
    public Func<TestConnection, TestConnection> OnAttach { get; set; } = static connection => connection;

    /// <summary>The connections attached here so far, those over included.</summary>
    public ConcurrentQueue<TestConnection> Attached { get; } = new();

    /// <summary>The calls so far, of the connections, too.</summary>
    public List<string> Calls { get; } = [];

    public bool RecordsCalls { get; init; } = true;

    public Action<Instant>? OnAdvance { get; set; }

    public long Deadline { get; set; } = long.MaxValue;

    public bool HasMail => !_mail.IsEmpty;

    public void Record(string call)
    {
        if (RecordsCalls)
        {
            Calls.Add(call);
        }
    }

    public bool FailsToStart { get; init; }

    public void Start(ILoop loop, in Instant now) =>
        _loop = FailsToStart ? throw new InvalidOperationException("It was told so.") : loop;

    public void Send(Action letter)
    {
        _mail.Enqueue(letter);
        Loop.Wake();
    }

    /// <summary>Runs something on the loop's thread and returns what it gave.</summary>
    public Task<T> Ask<T>(Func<T> question)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(() => answer.SetResult(question()));
        return answer.Task;
    }

    public IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now)
    {
        TestConnection connection = OnAttach(new TestConnection(this, output, details));
        Record("attach");
        Attached.Enqueue(connection);
        return connection;
    }

    public void ReadMailboxes(in Instant now)
    {
        Record("mail");
        while (_mail.TryDequeue(out Action? letter))
        {
            letter();
        }
    }

    public long Advance(in Instant now)
    {
        Record("advance");
        OnAdvance?.Invoke(now);
        return Deadline;
    }
}
