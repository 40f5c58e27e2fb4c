using System.Text;
using System.Text.Json;
using Starling.Broker.Ports;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Tools;

/// <summary>Writes what a store holds, a JSON object in each line. Bytes that need not be text are in Base64.</summary>
internal sealed class ExportWalker(TextWriter lines, string directory) : IStoreWalker, IDisposable
{
    private readonly MemoryStream _line = new();

    public void Store(Manifest manifest, ulong retainedRevision) => Write(ExportNames.Store, json =>
    {
        json.WriteNumber(ExportNames.Version, ExportNames.FormatVersion);
        json.WriteNumber(ExportNames.Generation, manifest.Generation);
        json.WriteNumber(ExportNames.RetainedRevision, retainedRevision);
    });

    public void Session(RecoveredSession session, uint willEpoch)
    {
        Write(ExportNames.Session, json =>
        {
            json.WriteNumber(ExportNames.Number, session.Number);
            json.WriteString(ExportNames.ClientIdentifier, session.ClientIdentifier);
            json.WriteString(ExportNames.UserName, session.UserName);
            json.WriteNumber(ExportNames.Epoch, session.Epoch);
            json.WriteNumber(ExportNames.ProtocolVersion, (byte)session.Version);
            json.WriteNumber(ExportNames.ExpirySeconds, session.ExpirySeconds);
            json.WriteNumber(ExportNames.NextSequence, session.NextSequence);
            json.WriteNumber(ExportNames.SentBelow, session.SentBelow);
            if (session.AwaySinceUtcMilliseconds is { } away)
            {
                json.WriteNumber(ExportNames.AwaySince, away);
            }

            if (session.Will is { } will)
            {
                WriteWill(json, will, willEpoch);
            }
        });
    }

    public void Subscription(ulong session, ReadOnlySpan<byte> filter, byte options, uint identifier)
    {
        string text = Encoding.UTF8.GetString(filter);
        Write(ExportNames.Subscription, json =>
        {
            json.WriteNumber(ExportNames.Session, session);
            json.WriteString(ExportNames.Filter, text);
            json.WriteNumber(ExportNames.Options, options);
            json.WriteNumber(ExportNames.Identifier, identifier);
        });
    }

    public void Incoming(ulong session, ushort packetIdentifier) => Write(ExportNames.Incoming, json =>
    {
        json.WriteNumber(ExportNames.Session, session);
        json.WriteNumber(ExportNames.PacketIdentifier, packetIdentifier);
    });

    public void Delivery(ulong session, in RecoveredDelivery delivery, RecoveredMessage? message)
    {
        if (message is null && !delivery.IsReceived)
        {
            throw Unreadable($"the message of delivery {delivery.Sequence} of session {session}");
        }

        RecoveredDelivery copy = delivery;
        Write(ExportNames.Delivery, json =>
        {
            json.WriteNumber(ExportNames.Session, session);
            json.WriteNumber(ExportNames.Sequence, copy.Sequence);
            json.WriteNumber(ExportNames.DeliveryQos, (byte)copy.Qos);
            json.WriteBoolean(ExportNames.DeliveryRetain, copy.Retain);
            json.WriteStartArray(ExportNames.Identifiers);
            foreach (uint identifier in copy.Identifiers ?? (copy.Identifier == 0 ? [] : [copy.Identifier]))
            {
                json.WriteNumberValue(identifier);
            }

            json.WriteEndArray();
            json.WriteString(ExportNames.SharedFilter, copy.SharedFilter);
            if (message is not null)
            {
                WriteMessage(json, message);
            }
        });
    }

    public void Retained(RecoveredMessage? message, ulong revision)
    {
        RecoveredMessage read = message ?? throw Unreadable($"the retained message of revision {revision}");
        Write(ExportNames.Retained, json =>
        {
            json.WriteNumber(ExportNames.Revision, revision);
            WriteMessage(json, read);
        });
    }

    public void Dispose() => _line.Dispose();

    private static void WriteWill(Utf8JsonWriter json, RecoveredWill will, uint epoch)
    {
        json.WriteStartObject(ExportNames.Will);
        json.WriteNumber(ExportNames.Epoch, epoch);
        json.WriteString(ExportNames.Topic, will.Topic);
        json.WriteBase64String(ExportNames.Properties, will.Properties);
        json.WriteBase64String(ExportNames.Payload, will.Payload);
        json.WriteNumber(ExportNames.Qos, (byte)will.Qos);
        json.WriteBoolean(ExportNames.Retain, will.Retain);
        json.WriteNumber(ExportNames.DelaySeconds, will.DelaySeconds);
        if (will.MessageExpirySeconds is { } seconds)
        {
            json.WriteNumber(ExportNames.MessageExpirySeconds, seconds);
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, RecoveredMessage message)
    {
        json.WriteString(ExportNames.Topic, message.Topic.Span);
        json.WriteBase64String(ExportNames.Properties, message.Properties.Span);
        json.WriteBase64String(ExportNames.Payload, message.Payload.Span);
        json.WriteNumber(ExportNames.Qos, (byte)message.Qos);
        json.WriteBoolean(ExportNames.Retain, message.Retain);
        json.WriteNumber(ExportNames.Publisher, message.Publisher);
        if (message.ExpiresAtUtcMilliseconds != long.MaxValue)
        {
            json.WriteNumber(ExportNames.ExpiresAt, message.ExpiresAtUtcMilliseconds);
        }
    }

    private void Write(string kind, Action<Utf8JsonWriter> content)
    {
        _line.SetLength(0);
        using (Utf8JsonWriter json = new(_line))
        {
            json.WriteStartObject();
            json.WriteString(ExportNames.Kind, kind);
            content(json);
            json.WriteEndObject();
        }

        lines.Write(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length));
        lines.Write('\n');
    }

    private StoreException Unreadable(string what) =>
        new(StoreFailure.Corrupt, $"{directory}: {what} cannot be read; try starling store repair");
}
