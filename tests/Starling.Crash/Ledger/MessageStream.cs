using System.Globalization;
using System.Text;

namespace Starling.Crash.Ledger;

/// <summary>The numbered messages of one publisher on one topic at one QoS. Safe to use from any thread.</summary>
internal sealed class MessageStream(int index, string topic, int qos)
{
    private readonly Lock _gate = new();
    private readonly List<Published> _messages = [];
    private long _first;

    public int Index => index;

    public string Topic => topic;

    public int Qos => qos;

    public bool IsRetained { get; init; }

    /// <summary>The number of the next message: everything from it on will be sent later than now.</summary>
    public long Next
    {
        get
        {
            lock (_gate)
            {
                return _first + _messages.Count;
            }
        }
    }

    public Published Add(bool isDelete = false, bool isFence = false)
    {
        lock (_gate)
        {
            Published message = new(_first + _messages.Count, isDelete, isFence);
            _messages.Add(message);
            return message;
        }
    }

    public void Acknowledge(Published message)
    {
        lock (_gate)
        {
            message.AcknowledgedAt = message.AcknowledgedAt == 0 ? Scene.Now : message.AcknowledgedAt;
        }
    }

    public bool IsFence(long number) => Find(number) is { IsFence: true };

    public Published? Find(long number)
    {
        lock (_gate)
        {
            return number >= _first && number < _first + _messages.Count ? _messages[(int)(number - _first)] : null;
        }
    }

    /// <summary>Those that somebody is owed who was subscribed before the message <paramref name="from"/>.</summary>
    public IReadOnlyList<Published> Owed(long from)
    {
        lock (_gate)
        {
            return [.. _messages.Where(message => message.Number >= from && message.AcknowledgedAt != 0 && !message.IsDelete)];
        }
    }

    /// <summary>What may be retained now: the last acknowledged message, or one after it, which the broker may have taken.</summary>
    public IReadOnlyList<Published> MayBeRetained()
    {
        lock (_gate)
        {
            int last = _messages.FindLastIndex(message => message.AcknowledgedAt != 0);
            return last < 0 ? [new Published(-1, isDelete: true, isFence: false), .. _messages] : _messages[last..];
        }
    }

    /// <summary>All have been settled; only the last is kept, which may be retained.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            int settled = Math.Max(0, _messages.Count - 1);
            _messages.RemoveRange(0, settled);
            _first += settled;
        }
    }

    /// <summary>The index of the stream, the number, and some bytes to fill; empty for a delete.</summary>
    public byte[] Payload(Published message, int fillBytes) =>
        message.IsDelete ? [] : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{index} {message.Number} {new string('.', fillBytes)}"));

    /// <summary>Reads what <see cref="Payload"/> writes; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int index, out long number)
    {
        number = 0;
        int space = payload.IndexOf((byte)' ');
        ReadOnlySpan<byte> rest = payload[(space + 1)..];
        int end = rest.IndexOf((byte)' ');
        return int.TryParse(payload[..Math.Max(0, space)], CultureInfo.InvariantCulture, out index)
            && end > 0 && long.TryParse(rest[..end], CultureInfo.InvariantCulture, out number);
    }
}
