using System.Diagnostics.CodeAnalysis;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests;

/// <summary>A connection whose behaviour a test sets: it echoes unless told otherwise.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is one.")]
internal sealed class TestConnection(TestClient client, IConnectionOutput output, ConnectionDetails details) : IConnectionInput
{
    public delegate int ReceiveHandler(TestConnection connection, ReadOnlySpan<byte> bytes);

    public TestClient Client { get; } = client;

    public IConnectionOutput Output { get; } = output;

    public ConnectionDetails Details { get; } = details;

    public ReceiveHandler OnReceive { get; set; } = static (connection, bytes) => connection.Echo(bytes);

    public Action<TestConnection>? OnDrained { get; set; }

    public Action<TestConnection>? OnClosed { get; set; }

    public int NeededBytes { get; set; } = 5;

    /// <summary>Completed when the connection is over, with how it ended.</summary>
    public TaskCompletionSource<ConnectionEnd> Closing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int ClosedCalls { get; private set; }

    public int DrainedCalls { get; private set; }

    public int Echo(ReadOnlySpan<byte> bytes)
    {
        Append(bytes);
        return bytes.Length;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Output.GetSpan(bytes.Length));
        Output.Advance(bytes.Length);
    }

    public int Receive(ReadOnlySpan<byte> bytes, in Instant now)
    {
        Client.Record("receive");
        return OnReceive(this, bytes);
    }

    public void Drained(in Instant now)
    {
        DrainedCalls++;
        OnDrained?.Invoke(this);
    }

    public void Closed(ConnectionEnd end, in Instant now)
    {
        ClosedCalls++;
        Client.Record("closed");
        OnClosed?.Invoke(this);
        Closing.TrySetResult(end);
    }
}
