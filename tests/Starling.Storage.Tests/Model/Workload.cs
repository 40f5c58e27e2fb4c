using System.Globalization;
using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Storage.Tests.Model;

/// <summary>
/// Batches of records as a broker makes them. All follows from the seed, so that two processes agree on them; the model is the state after
/// the batches that were taken.
/// </summary>
internal sealed class Workload(int seed)
{
    public const int ClientCount = 50;

    private readonly Random _random = new(seed);
    private readonly Dictionary<int, ulong> _sessionOf = [];
    private ulong _lastSession;
    private ulong _lastRevision;

    /// <summary>Keeps the sessions and topics of two workloads apart.</summary>
    public uint Part { get; init; } = 1;

    /// <summary>One in so many sessions hardly finishes anything, so that its messages grow old.</summary>
    public int HoarderEvery { get; init; } = 20;

    /// <summary>Publishes of a batch, at most.</summary>
    public int PublishesMax { get; init; } = 64;

    public StoreModel Model { get; } = new();

    public long BatchNumber { get; private set; }

    /// <summary>Makes the next batch and applies it to the model.</summary>
    public List<Operation> Next()
    {
        BatchNumber++;
        List<Operation> batch = [];
        int publishes = _random.Next(1, PublishesMax + 1);
        for (int i = 0; i < publishes; i++)
        {
            if (_random.Next(8) == 0 || _sessionOf.Count < 5)
            {
                ChangeSession(batch);
            }

            Publish(batch);
        }

        for (int i = _random.Next(1, 7); i > 0; i--)
        {
            Finish(batch);
        }

        return batch;
    }

    private void Add(List<Operation> batch, Operation operation)
    {
        batch.Add(operation);
        Model.Apply(operation);
    }

    private (int Client, ulong Number, ModelSession State) AnySession()
    {
        int[] clients = [.. _sessionOf.Keys.Order()];
        int client = clients[_random.Next(clients.Length)];
        return (client, _sessionOf[client], Model.Sessions[_sessionOf[client]]);
    }

    private void ChangeSession(List<Operation> batch)
    {
        int choice = _random.Next(16);
        if (choice < 3 || _sessionOf.Count < 5)
        {
            Open(batch, _random.Next(ClientCount));
            return;
        }

        (int client, ulong number, ModelSession state) = AnySession();
        Operation of = new() { Kind = StoreRecordKind.SessionEnded, Session = number, Epoch = state.Epoch };
        switch (choice)
        {
            case 3 when client % HoarderEvery != 0:
                Add(batch, of);
                _sessionOf.Remove(client);
                break;
            case 4:
                Add(batch, of with { Kind = StoreRecordKind.SessionAway, Utc = Time(), Sequence = state.NextSequence });
                break;
            case 5 or 6 or 7:
                Add(batch, of with { Kind = StoreRecordKind.Subscribed, Topic = Filter(), Options = (byte)_random.Next(64), Identifier = (uint)_random.Next(3) });
                break;
            case 8:
                Add(batch, of with { Kind = StoreRecordKind.Unsubscribed, Topic = Filter() });
                break;
            case 9:
                Add(batch, Will(of));
                break;
            case 10:
                Add(batch, of with { Kind = StoreRecordKind.WillRemoved, Epoch = state.Epoch - (uint)_random.Next(2) });
                break;
            case 11 or 12:
                Add(batch, of with { Kind = StoreRecordKind.Incoming, PacketIdentifier = (ushort)_random.Next(1, 9) });
                break;
            case 13:
                Add(batch, of with { Kind = StoreRecordKind.Released, PacketIdentifier = (ushort)_random.Next(1, 9) });
                break;
            default:
                Add(batch, of with { Kind = StoreRecordKind.Sent, Sequence = state.NextSequence - Math.Min(state.NextSequence, (ulong)_random.Next(4)) });
                break;
        }
    }

    private void Open(List<Operation> batch, int client)
    {
        if (!_sessionOf.TryGetValue(client, out ulong number))
        {
            number = _sessionOf[client] = ((ulong)Part << 40) + ++_lastSession;
        }

        uint epoch = Model.Sessions.TryGetValue(number, out ModelSession? existing) ? existing.Epoch + 1 : 1;
        Operation opened = new()
        {
            Kind = StoreRecordKind.SessionOpened,
            Session = number,
            Epoch = epoch,
            Topic = string.Create(CultureInfo.InvariantCulture, $"client-{client}"),
            UserName = _random.Next(2) == 0 ? null : "üser",
            Version = _random.Next(2) == 0 ? MqttVersion.V311 : MqttVersion.V5,
            Seconds = (uint)_random.Next(100_000),
        };
        Add(batch, opened);
        if (_random.Next(3) == 0)
        {
            Add(batch, Will(opened));
        }
    }

    private Operation Will(Operation of) => of with
    {
        Kind = StoreRecordKind.Will,
        Topic = $"will/{_random.Next(10)}",
        UserName = null,
        Payload = Bytes(40),
        Properties = Bytes(10),
        Qos = (QualityOfService)_random.Next(3),
        Retain = _random.Next(2) == 0,
        Seconds = (uint)_random.Next(100),
        MessageExpirySeconds = _random.Next(2) == 0 ? null : 7U,
    };

    private void Publish(List<Operation> batch)
    {
        (_, ulong publisher, ModelSession state) = AnySession();
        bool isRetained = _random.Next(6) == 0;
        QualityOfService qos = (QualityOfService)_random.Next(3);
        Operation message = new()
        {
            Kind = StoreRecordKind.Message,
            Session = _random.Next(10) == 0 ? 0 : publisher,
            Epoch = state.Epoch,
            IsWill = _random.Next(30) == 0,
            Topic = isRetained ? $"retained/{(Part == 1 ? "" : "other/")}{_random.Next(40)}" : $"topic/{_random.Next(1000)}",
            Payload = isRetained && _random.Next(4) == 0 ? [] : Bytes(_random.Next(8, 708)),
            Properties = _random.Next(3) == 0 ? Bytes(_random.Next(1, 30)) : [],
            Qos = qos,
            Retain = isRetained,
            PacketIdentifier = qos == QualityOfService.ExactlyOnce ? (ushort)_random.Next(1, 9) : (ushort)0,
            RetainedRevision = isRetained ? ++_lastRevision : 0,
            RetainedFloor = isRetained ? _lastRevision - Math.Min(_lastRevision, (ulong)_random.Next(1, 3)) : 0,
            ExpiresAt = _random.Next(5) == 0 ? Time() + (1L << 40) : long.MaxValue,
            References = References(isRetained ? 0 : 1),
        };
        if (_random.Next(20) == 0)
        {
            (_, ulong from, ModelSession other) = AnySession();
            if (other.Deliveries.Count > 0)
            {
                ulong sequence = other.Deliveries.Keys.First();
                message = message with { TakenFrom = new StoreRange(from, sequence, sequence) };
            }
        }

        Add(batch, message);
    }

    private StoreReference[] References(int least)
    {
        Dictionary<ulong, StoreReference> references = [];
        for (int i = _random.Next(least, 6); i > 0; i--)
        {
            (_, ulong number, ModelSession state) = AnySession();
            uint[]? several = _random.Next(8) == 0 ? [1, 2, (uint)_random.Next(300)] : null;
            references[number] = new StoreReference(
                number,
                state.NextSequence + (ulong)(_random.Next(30) == 0 ? _random.Next(400) : 0),
                _random.Next(3) == 0 ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce,
                _random.Next(2) == 0,
                several is null ? (uint)_random.Next(4) : 0,
                several,
                _random.Next(6) == 0 ? Encoding.UTF8.GetBytes($"$share/g{_random.Next(3)}/a/#") : null,
                _random.Next(2) == 0);
        }

        return [.. references.Values];
    }

    private void Finish(List<Operation> batch)
    {
        List<StoreRange> ranges = [];
        for (int i = _random.Next(1, 8); i > 0; i--)
        {
            (int client, ulong number, ModelSession state) = AnySession();
            if (state.Deliveries.Count == 0 || (client % HoarderEvery == 0 && _random.Next(50) != 0))
            {
                continue;
            }

            ulong first = state.Deliveries.Keys.ElementAt(_random.Next(4) == 0 ? _random.Next(state.Deliveries.Count) : 0);
            if (_random.Next(4) == 0)
            {
                Add(batch, new Operation { Kind = StoreRecordKind.Received, Session = number, Epoch = state.Epoch, Sequence = first });
                continue;
            }

            ranges.Add(new StoreRange(number, first, first + (ulong)_random.Next(20)));
        }

        if (ranges.Count > 0)
        {
            Add(batch, new Operation { Kind = StoreRecordKind.Finished, Ranges = [.. ranges] });
        }
    }

    private string Filter() => $"{(_random.Next(4) == 0 ? "$share/g/" : "")}filter/{_random.Next(12)}/#";

    private long Time() => 1_700_000_000_000 + (1000 * BatchNumber);

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
