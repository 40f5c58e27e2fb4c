using System.Diagnostics.CodeAnalysis;

namespace Starling.Client.Core.Processing;

/// <summary>
/// Handles the messages of a subscription with some handlers at a time, which keep the order inside each topic. One reader takes messages
/// out of the subscription and puts each into the lane of its topic; workers take lanes in turn and handle one message of each. How many
/// messages are in lanes or being handled is bounded.
/// </summary>
#pragma warning disable CA1001 // the semaphore's wait handle is never made, so there is nothing to dispose of
internal sealed class ConcurrentRun(MqttSubscription subscription, HandlerRunner runner, ProcessOptions options, CancellationToken ct)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(options.MaxConcurrency + (options.KeepTopicOrder ? options.MaxWaiting : 0));
    private readonly Dictionary<string, TopicLane> _lanes = [];
    private readonly Queue<TopicLane> _ready = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _workers;
    private bool _isOver;

    /// <summary>Ends when the subscription has ended and everything is handled, or cancelled when the running handlers have ended.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(ct).ConfigureAwait(false);
                if (await subscription.TakeAsync(ct).ConfigureAwait(false) is not { } delivery)
                {
                    return;
                }

                Add(delivery);
            }
        }
        finally
        {
            await WhenIdle().ConfigureAwait(false);

            // When it was stopped: whoever reads next shall find what nobody has begun with.
            subscription.PutBack(TakeWaiting());
        }
    }

    private void Add(MqttDelivery delivery)
    {
        lock (_gate)
        {
            string topic = delivery.Message.Topic;
            if (options.KeepTopicOrder && _lanes.TryGetValue(topic, out TopicLane? busy))
            {
                busy.Waiting.Enqueue(delivery);
                return;
            }

            TopicLane lane = new(topic);
            lane.Waiting.Enqueue(delivery);
            _ready.Enqueue(lane);
            if (options.KeepTopicOrder)
            {
                _lanes.Add(topic, lane);
            }

            if (_workers == options.MaxConcurrency)
            {
                return;
            }

            _workers++;
        }

        _ = Task.Run(WorkAsync, CancellationToken.None);
    }

    private async Task WorkAsync()
    {
        while (TryTake(out TopicLane? lane, out MqttDelivery? delivery))
        {
            await runner.RunAsync(delivery, ct).ConfigureAwait(false);
            GiveBack(lane);
            _room.Release();
        }
    }

    private bool TryTake([NotNullWhen(true)] out TopicLane? lane, [NotNullWhen(true)] out MqttDelivery? delivery)
    {
        lock (_gate)
        {
            if (!ct.IsCancellationRequested && _ready.TryDequeue(out lane) && lane.Waiting.TryDequeue(out delivery))
            {
                return true;
            }

            lane = null;
            delivery = null;
            if (--_workers == 0 && _isOver)
            {
                _idle.TrySetResult();
            }

            return false;
        }
    }

    // Behind the other lanes, so that a busy topic leaves its turn to them.
    private void GiveBack(TopicLane lane)
    {
        lock (_gate)
        {
            if (lane.Waiting.Count > 0)
            {
                _ready.Enqueue(lane);
            }
            else if (options.KeepTopicOrder)
            {
                _lanes.Remove(lane.Topic);
            }
        }
    }

    private List<MqttDelivery> TakeWaiting()
    {
        lock (_gate)
        {
            IEnumerable<TopicLane> lanes = options.KeepTopicOrder ? _lanes.Values : _ready;
            List<MqttDelivery> waiting = [.. lanes.SelectMany(static lane => lane.Waiting)];
            foreach (TopicLane lane in lanes)
            {
                lane.Waiting.Clear();
            }

            _ready.Clear();
            return waiting;
        }
    }

    private Task WhenIdle()
    {
        lock (_gate)
        {
            _isOver = true;
            return _workers == 0 ? Task.CompletedTask : _idle.Task;
        }
    }
}
