using System.Globalization;

namespace Starling.Crash.Ledger;

/// <summary>All that one receiver gets: a client, or a group of clients with a shared subscription. Safe to use from any thread.</summary>
internal sealed class Inbox(Scene scene, string owner)
{
    private const int LatestMax = 30;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Interest> _interests = [];

    /// <summary>A group: each message comes to one of its members, so there is no order.</summary>
    public bool IsShared { get; init; }

    public string Owner => owner;

    /// <summary>SUBSCRIBE leaves: messages may come from now on.</summary>
    public void Ask(MessageStream stream, int qos)
    {
        lock (_gate)
        {
            if (!_interests.TryGetValue(stream.Index, out Interest? interest))
            {
                _interests.Add(stream.Index, interest = new Interest(stream));
            }

            interest.Qos = qos;
            interest.ForbiddenFrom = long.MaxValue;
        }
    }

    /// <summary>SUBACK has come: what is sent from now on is owed.</summary>
    public void Open(MessageStream stream)
    {
        lock (_gate)
        {
            Interest interest = _interests[stream.Index];
            interest.IsOpen = true;
            interest.From = stream.Next;
            interest.HasFence = false;
        }
    }

    /// <summary>UNSUBSCRIBE leaves: nothing more is owed.</summary>
    public void Close(MessageStream stream)
    {
        lock (_gate)
        {
            _interests[stream.Index].IsOpen = false;
        }
    }

    /// <summary>UNSUBACK has come: what is sent from now on must not come.</summary>
    public void Forbid(MessageStream stream)
    {
        lock (_gate)
        {
            _interests[stream.Index].ForbiddenFrom = stream.Next;
        }
    }

    public void Take(ReadOnlySpan<byte> payload, int qos, string topic, string mark = "")
    {
        if (payload.IsEmpty)
        {
            return;
        }

        scene.Tally.Add(Count.Delivered);
        bool isFence = false;
        lock (_gate)
        {
            if (MessageStream.TryRead(payload, out int index, out long number) && _interests.TryGetValue(index, out Interest? interest))
            {
                Note(interest, number, mark);
                isFence = Take(interest, number, qos);
            }
            else
            {
                scene.Findings.Add(Fault.Stray, $"{owner} got something on {topic} that it did not subscribe to");
            }
        }

        if (isFence)
        {
            scene.Changed();
        }
        else
        {
            scene.Progressed();
        }
    }

    /// <summary>Whether everything owed is there, or the last message of each stream is, before which it would have had to come.</summary>
    public bool IsDrained()
    {
        lock (_gate)
        {
            return _interests.Values.All(interest => !interest.IsOpen || (IsShared ? IsComplete(interest) : interest.HasFence || IsComplete(interest)));
        }
    }

    /// <summary>Reports what is missing; then a new round can begin.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            foreach (Interest interest in _interests.Values)
            {
                foreach (Published lost in Missing(interest))
                {
                    scene.Findings.Add(
                        Fault.Lost,
                        $"{owner} never got {interest.Stream.Topic} number {lost.Number} of QoS {interest.Stream.Qos}, acknowledged {scene.When(lost.AcknowledgedAt)}; "
                        + $"owed from {interest.From}; {Latest(interest)}");
                }

                scene.Tally.Add(Count.DeliveriesChecked, interest.IsOpen ? interest.Stream.Owed(Math.Max(interest.From, interest.Floor)).Count : 0);
                interest.Floor = interest.Stream.Next;
                interest.HasFence = false;
                interest.Times.Clear();
            }
        }
    }

    private static string Latest(Interest interest) => $"the latest to come: {string.Join(' ', interest.Latest)}";

    private static void Note(Interest interest, long number, string mark)
    {
        if (interest.Latest.Count == LatestMax)
        {
            interest.Latest.Dequeue();
        }

        interest.Latest.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{number}{mark}"));
    }

    private static IEnumerable<Published> Missing(Interest interest) => interest.IsOpen
        ? interest.Stream.Owed(Math.Max(interest.From, interest.Floor)).Where(message => !interest.Times.ContainsKey(message.Number))
        : [];

    private static bool IsComplete(Interest interest) => !Missing(interest).Any();

    private bool Take(Interest interest, long number, int qos)
    {
        string message = $"{owner} got {interest.Stream.Topic} number {number} of QoS {interest.Stream.Qos}";
        int times = interest.Times.GetValueOrDefault(number) + 1;
        interest.Times[number] = times;
        bool isNew = times == 1 && number >= interest.Floor;

        // What was sent before the SUBACK and is sent again may come late: it passed the broker once before the subscription was there.
        bool isOwed = interest.IsOpen && number >= interest.From;
        if (!isNew)
        {
            scene.Tally.Add(Count.Redelivered);
            if (interest.DeliveredQos == 2)
            {
                scene.Findings.Add(Fault.Doubled, $"{message} again (of an earlier round: {number < interest.Floor}); {Latest(interest)}");
            }
        }
        else if (isOwed && number < interest.HighestFirst && !IsShared)
        {
            scene.Findings.Add(Fault.OutOfOrder, $"{message} behind number {interest.HighestFirst}; owed from {interest.From}; {Latest(interest)}");
        }

        interest.HighestFirst = isNew && isOwed ? Math.Max(interest.HighestFirst, number) : interest.HighestFirst;
        if (number >= interest.ForbiddenFrom)
        {
            scene.Findings.Add(Fault.Stray, $"{message}, which was sent after the acknowledgement of its UNSUBSCRIBE");
        }

        if (qos != interest.DeliveredQos)
        {
            scene.Findings.Add(Fault.Stray, $"{message} with QoS {qos} instead of {interest.DeliveredQos}");
        }

        interest.HasFence |= interest.Stream.IsFence(number) && number >= interest.Floor;
        return interest.HasFence;
    }
}
