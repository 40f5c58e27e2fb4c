using System.Text;
using System.Text.Json;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Protocol;

namespace Starling.Storage.Tools;

/// <summary>Makes a store of exported lines.</summary>
internal sealed class StoreImporting
{
    private readonly StoreBuilder _builder;
    private readonly HashSet<ulong> _sessions = [];
    private uint _generation = 1;
    private ulong _retainedRevision;

    private StoreImporting(StoreBuilder builder) => _builder = builder;

    public static ImportReport Run(ILogDirectory directory, TextReader lines, Action<StoreProgress> report, CancellationToken cancellation)
    {
        using StoreBuilder builder = new(directory);
        StoreImporting importing = new(builder);
        long number = 0;
        long characters = 0;
        while (lines.ReadLine() is { } line)
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            characters += line.Length;
            importing.Add(line, number);
            if (number % 1000 == 0)
            {
                report(new StoreProgress("importing", characters, 0, number));
            }
        }

        if (number == 0)
        {
            throw Wrong(1, "it is missing");
        }

        builder.Complete(importing._generation, importing._retainedRevision);
        return builder.Report;
    }

    private void Add(string line, long number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            Add(document.RootElement, number);
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Wrong(number, cause.Message, cause);
        }
    }

    private void Add(JsonElement json, long number)
    {
        string kind = json.GetProperty(ExportNames.Kind).GetString() ?? "";
        if (number == 1 != (kind == ExportNames.Store))
        {
            throw Wrong(number, "the first line, and no other, is about the store");
        }

        switch (kind)
        {
            case ExportNames.Store:
                ReadStore(json);
                break;
            case ExportNames.Session:
                AddSession(json);
                break;
            case ExportNames.Subscription:
                _builder.AddSubscription(
                    KnownSessionOf(json),
                    Encoding.UTF8.GetBytes(TextOf(json, ExportNames.Filter)),
                    json.GetProperty(ExportNames.Options).GetByte(),
                    json.GetProperty(ExportNames.Identifier).GetUInt32());
                break;
            case ExportNames.Incoming:
                _builder.AddIncoming(KnownSessionOf(json), json.GetProperty(ExportNames.PacketIdentifier).GetUInt16());
                break;
            case ExportNames.Delivery:
                AddDelivery(json);
                break;
            case ExportNames.Retained:
                _builder.AddRetained(MessageOf(json), json.GetProperty(ExportNames.Revision).GetUInt64());
                break;
            default:
                throw Wrong(number, $"there is no kind {kind}");
        }
    }

    private void ReadStore(JsonElement json)
    {
        int version = json.GetProperty(ExportNames.Version).GetInt32();
        if (version > ExportNames.FormatVersion)
        {
            throw new StoreException(
                StoreFailure.NewerFormat, $"the lines have format {version}, and this version reads up to {ExportNames.FormatVersion}");
        }

        _generation = json.GetProperty(ExportNames.Generation).GetUInt32();
        _retainedRevision = json.GetProperty(ExportNames.RetainedRevision).GetUInt64();
    }

    private void AddSession(JsonElement json)
    {
        uint willEpoch = 0;
        RecoveredWill? will = null;
        if (json.TryGetProperty(ExportNames.Will, out JsonElement stored))
        {
            willEpoch = stored.GetProperty(ExportNames.Epoch).GetUInt32();
            will = WillOf(stored);
        }

        ulong number = json.GetProperty(ExportNames.Number).GetUInt64();
        MqttVersion version = (MqttVersion)json.GetProperty(ExportNames.ProtocolVersion).GetByte();
        Require(number != 0 && _sessions.Add(number), ExportNames.Number, "a number that no session has yet, and not 0");
        Require(version is MqttVersion.V31 or MqttVersion.V311 or MqttVersion.V5, ExportNames.ProtocolVersion, "3, 4 or 5");

        // The numbers of a generation begin with it, and none may be given twice.
        _generation = Math.Max(_generation, (uint)(number >> 40));
        _builder.AddSession(
            new RecoveredSession
            {
                Number = number,
                ClientIdentifier = TextOf(json, ExportNames.ClientIdentifier),
                UserName = json.GetProperty(ExportNames.UserName).GetString(),
                Epoch = json.GetProperty(ExportNames.Epoch).GetUInt32(),
                Version = version,
                ExpirySeconds = json.GetProperty(ExportNames.ExpirySeconds).GetUInt32(),
                NextSequence = json.GetProperty(ExportNames.NextSequence).GetUInt64(),
                SentBelow = json.GetProperty(ExportNames.SentBelow).GetUInt64(),
                AwaySinceUtcMilliseconds = json.TryGetProperty(ExportNames.AwaySince, out JsonElement away) ? away.GetInt64() : null,
                Will = will,
            },
            willEpoch);
    }

    private static RecoveredWill WillOf(JsonElement json) => new()
    {
        Topic = Encoding.UTF8.GetBytes(TextOf(json, ExportNames.Topic)),
        Properties = json.GetProperty(ExportNames.Properties).GetBytesFromBase64(),
        Payload = json.GetProperty(ExportNames.Payload).GetBytesFromBase64(),
        Qos = QosOf(json, ExportNames.Qos),
        Retain = json.GetProperty(ExportNames.Retain).GetBoolean(),
        DelaySeconds = json.GetProperty(ExportNames.DelaySeconds).GetUInt32(),
        MessageExpirySeconds = json.TryGetProperty(ExportNames.MessageExpirySeconds, out JsonElement expiry) ? expiry.GetUInt32() : null,
    };

    private void AddDelivery(JsonElement json)
    {
        uint[] identifiers = [.. json.GetProperty(ExportNames.Identifiers).EnumerateArray().Select(identifier => identifier.GetUInt32())];
        RecoveredMessage? message = json.TryGetProperty(ExportNames.Payload, out _) ? MessageOf(json) : null;
        RecoveredDelivery delivery = new(
            json.GetProperty(ExportNames.Sequence).GetUInt64(),
            QosOf(json, ExportNames.DeliveryQos),
            json.GetProperty(ExportNames.DeliveryRetain).GetBoolean(),
            message is null,
            identifiers is [uint only] ? only : 0,
            identifiers.Length > 1 ? identifiers : null,
            json.GetProperty(ExportNames.SharedFilter).GetString(),
            0);
        Require(delivery.Sequence < ulong.MaxValue, ExportNames.Sequence, "below the highest number of 64 bits");
        Require(delivery.Qos != QualityOfService.AtMostOnce, ExportNames.DeliveryQos, "1 or 2");
        _builder.AddDelivery(KnownSessionOf(json), delivery, message);
    }

    private static RecoveredMessage MessageOf(JsonElement json) => new()
    {
        Topic = Encoding.UTF8.GetBytes(TextOf(json, ExportNames.Topic)),
        Properties = json.GetProperty(ExportNames.Properties).GetBytesFromBase64(),
        Payload = json.GetProperty(ExportNames.Payload).GetBytesFromBase64(),
        Qos = QosOf(json, ExportNames.Qos),
        Retain = json.GetProperty(ExportNames.Retain).GetBoolean(),
        Publisher = json.GetProperty(ExportNames.Publisher).GetUInt64(),
        ExpiresAtUtcMilliseconds = json.TryGetProperty(ExportNames.ExpiresAt, out JsonElement expires) ? expires.GetInt64() : long.MaxValue,
    };

    private ulong KnownSessionOf(JsonElement json)
    {
        ulong number = json.GetProperty(ExportNames.Session).GetUInt64();
        Require(_sessions.Contains(number), ExportNames.Session, "the number of a session of a line before");
        return number;
    }

    private static void Require(bool isAllowed, string name, string allowed)
    {
        if (!isAllowed)
        {
            throw new FormatException($"{name} must be {allowed}");
        }
    }

    private static QualityOfService QosOf(JsonElement json, string name) =>
        json.GetProperty(name).GetByte() is <= 2 and byte qos ? (QualityOfService)qos : throw new FormatException($"{name} is 0, 1 or 2");

    private static string TextOf(JsonElement json, string name) => json.GetProperty(name).GetString() is { } text && Encoding.UTF8.GetByteCount(text) <= ushort.MaxValue
        ? text
        : throw new FormatException($"{name} must be a text of MQTT");

    private static StoreException Wrong(long number, string why, Exception? cause = null) =>
        new(StoreFailure.Usage, $"line {number} is wrong: {why}", cause);
}
