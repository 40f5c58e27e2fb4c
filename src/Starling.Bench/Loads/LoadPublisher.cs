using System.Buffers.Binary;
using System.Text;
using Starling.Bench.Checking;
using Starling.Bench.Settings;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Bench.Loads;

/// <summary>The publishing side of a client. The thread of its loop.</summary>
internal sealed class LoadPublisher
{
    // Above this much unsent output the server takes less than it is sent.
    private const int OutputBytesHigh = 256 * 1024;
    private const int CorrelationBytes = sizeof(long);

    private readonly LoadClient _client;
    private readonly PublishPlan _plan;
    private readonly TopicPattern _topics;
    private readonly byte[]? _topic;
    private readonly byte[] _properties;
    private readonly Stack<BenchMessage>[] _spare;
    private readonly Random _random;
    private int _inFlight;
    private int _inFlightMax;
    private long _stored;

    /// <param name="client">The client that publishes.</param>
    /// <param name="number">The number of the publisher in the run.</param>
    /// <param name="plan">How it publishes.</param>
    /// <param name="topics">Where it publishes.</param>
    /// <param name="responseTopic">Where answers shall go; null for none.</param>
    public LoadPublisher(LoadClient client, int number, PublishPlan plan, TopicPattern topics, string? responseTopic = null)
    {
        _client = client;
        Number = number;
        _plan = plan;
        _topics = topics;
        _topic = topics.HasCounter ? null : topics.Name(0);
        _properties = responseTopic is null || plan.Version != MqttVersion.V5 ? [] : CreateProperties(responseTopic);
        _spare = [.. Enumerable.Range(0, plan.Sizes.Count).Select(_ => new Stack<BenchMessage>())];
        _random = new Random(HashCode.Combine(plan.RunId, number));
        _inFlightMax = plan.InFlight;
    }

    public int Number { get; }

    /// <summary>The number of the next message.</summary>
    public long Sequence { get; private set; }

    /// <summary>Whether it waits in the ring of its producer.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether its messages are empty retained ones, which a server takes for the removal of what is there.</summary>
    public bool IsClearing { get; private set; }

    /// <summary>Whether a message could leave now.</summary>
    public bool CanSend => _client.Link is { IsReady: true } link && link.PendingBytes < OutputBytesHigh && Room > 0;

    private bool CountsInFlight => _plan.Qos != QualityOfService.AtMostOnce || _plan.CountsAnswers;

    private int Room => (int)Math.Min(
        CountsInFlight ? _inFlightMax - _inFlight : int.MaxValue,
        IsClearing ? _stored - Sequence : int.MaxValue);

    /// <summary>The server has accepted the connection: its Receive Maximum holds.</summary>
    public void Accepted(in ServerLimits limits) => _inFlightMax = Math.Min(_plan.InFlight, limits.ReceiveMaximum);

    /// <summary>Sends messages; they leave with the next flush.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="intended">When they were to be sent.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="now">The instant of this iteration.</param>
    /// <returns>How many were sent.</returns>
    public int Send(int count, long intended, LoadLoop loop, in Instant now)
    {
        if (_client.Link is not { } link)
        {
            return 0;
        }

        count = Math.Min(count, Room);
        int sent = 0;
        while (sent < count && link.PendingBytes + loop.Scratch.Length < OutputBytesHigh)
        {
            int size = _plan.Sizes.IndexFor(Sequence, _random);
            if (IsClearing)
            {
                WriteRemoval(loop, link, now);
            }
            else if (_plan.Qos == QualityOfService.AtMostOnce)
            {
                WriteDirect(size, intended, loop, link, now);
            }
            else
            {
                _client.Session.Add(Fill(size, intended));
            }

            Sequence++;
            sent++;
            if (_plan.Sizes[size] > OutputBytesHigh)
            {
                break;
            }
        }

        _inFlight += CountsInFlight ? sent : 0;
        link.Publish(loop.Scratch, now);
        return sent;
    }

    /// <summary>From now on it removes the retained messages that it has published, from the first on.</summary>
    public void BeginClearing()
    {
        IsClearing = true;
        _stored = Sequence;
        Sequence = 0;
    }

    /// <summary>The exchange of a message with the server is over. Returns when it was to be sent; null for one without a time.</summary>
    public long? Acknowledged(OutgoingMessage message)
    {
        _inFlight -= _plan.CountsAnswers ? 0 : 1;
        if (message.Tag is not BenchMessage used)
        {
            return null;
        }

        if (_topic is not null)
        {
            _spare[used.SizeIndex].Push(used);
        }

        return used.Intended;
    }

    /// <summary>A message was answered.</summary>
    public void Answered() => _inFlight -= _plan.CountsAnswers && _inFlight > 0 ? 1 : 0;

    /// <summary>Answers that have not come by now are not waited for any more.</summary>
    public void ForgetAnswers() => _inFlight = _plan.CountsAnswers ? 0 : _inFlight;

    private void WriteRemoval(LoadLoop loop, LoadConnection link, in Instant now)
    {
        byte[] topic = _topics.Name(Sequence);
        if (_plan.Qos != QualityOfService.AtMostOnce)
        {
            _client.Session.Add(new OutgoingMessage { Topic = topic, Qos = _plan.Qos, Retain = true });
            return;
        }

        if (!loop.Scratch.HasRoom(topic.Length))
        {
            link.Publish(loop.Scratch, now);
        }

        loop.Scratch.Append(new PublishPacket { Topic = topic, Retain = true }, _plan.Version);
    }

    private void WriteDirect(int size, long intended, LoadLoop loop, LoadConnection link, in Instant now)
    {
        int bytes = _plan.Sizes[size];
        Span<byte> payload = loop.Filler.AsSpan(0, bytes);
        new MessageHeader(_plan.RunId, Number, Sequence, intended).Write(payload);
        WriteCorrelation(_properties);
        PublishPacket packet = new()
        {
            Topic = _topic ?? _topics.Name(Sequence),
            Retain = _plan.Retain,
            Properties = _properties,
            Payload = payload,
        };
        if (!loop.Scratch.HasRoom(bytes))
        {
            link.Publish(loop.Scratch, now);
        }

        loop.Scratch.Append(packet, _plan.Version);
    }

    private OutgoingMessage Fill(int size, long intended)
    {
        if (!_spare[size].TryPop(out BenchMessage? message))
        {
            message = new BenchMessage
            {
                Publisher = this,
                SizeIndex = size,
                Payload = LoadLoop.CreateFiller(_plan.Sizes[size]),
                Properties = [.. _properties],
            };
        }

        message.Intended = intended;
        new MessageHeader(_plan.RunId, Number, Sequence, intended).Write(message.Payload);
        WriteCorrelation(message.Properties);
        return message.Outgoing ??= new OutgoingMessage
        {
            Topic = _topic ?? _topics.Name(Sequence),
            Payload = message.Payload,
            Properties = message.Properties,
            Qos = _plan.Qos,
            Retain = _plan.Retain,
            Tag = message,
        };
    }

    private void WriteCorrelation(byte[] properties)
    {
        if (properties.Length > 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(properties.AsSpan(properties.Length - CorrelationBytes), Sequence);
        }
    }

    // The Correlation Data comes last, so that it can be written anew for each message.
    private static byte[] CreateProperties(string responseTopic)
    {
        byte[] topic = Encoding.UTF8.GetBytes(responseTopic);
        byte[] correlation = new byte[CorrelationBytes];
        byte[] properties = new byte[PropertyWriter.GetByteCount(topic) + PropertyWriter.GetByteCount(correlation)];
        int position = PropertyWriter.Write(properties, PropertyId.ResponseTopic, topic);
        PropertyWriter.Write(properties.AsSpan(position), PropertyId.CorrelationData, correlation);
        return properties;
    }
}
