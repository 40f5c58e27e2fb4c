using System.Collections.Concurrent;
using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>A client that publishes on its streams as fast as its window allows, and resends after each connection what is not acknowledged.</summary>
internal sealed class Publisher
{
    private const int SmallBytes = 64;
    private const int LargeBytes = 6000;
    private readonly Random _random;
    private readonly IReadOnlyList<MessageStream> _streams;
    private readonly ConcurrentQueue<MessageStream> _fences = new();
    private bool _isRunning;

    public Publisher(Scene scene, ClientProfile profile, IReadOnlyList<MessageStream> streams, int seed)
    {
        _random = new Random(seed);
        _streams = streams;
        Client = new SessionClient(scene, profile) { Source = Next };
    }

    public SessionClient Client { get; }

    public IReadOnlyList<MessageStream> Streams => _streams;

    public bool IsDone => _fences.IsEmpty && Client.HasNothingOutgoing;

    public void Run()
    {
        Volatile.Write(ref _isRunning, true);
        Client.Fill();
    }

    /// <summary>Begins nothing new; what is begun goes on.</summary>
    public void Pause() => Volatile.Write(ref _isRunning, false);

    /// <summary>Sends the last message of the round on each stream.</summary>
    public void Finish()
    {
        foreach (MessageStream stream in _streams)
        {
            _fences.Enqueue(stream);
        }

        Client.Fill();
    }

    // Called by the client under its lock.
    private Draft? Next()
    {
        if (!Volatile.Read(ref _isRunning))
        {
            return _fences.TryDequeue(out MessageStream? last) ? new Draft(last, last.Add(isFence: true), 0) : null;
        }

        MessageStream stream = _streams[_random.Next(_streams.Count)];
        bool isDelete = stream.IsRetained && _random.Next(4) == 0;
        int fillBytes = _random.Next(20) == 0 ? _random.Next(LargeBytes) : _random.Next(SmallBytes);
        return new Draft(stream, stream.Add(isDelete), fillBytes);
    }
}
