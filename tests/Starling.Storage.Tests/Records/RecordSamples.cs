using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Records;

/// <summary>One record of each kind, with every member that counts.</summary>
internal static class RecordSamples
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new() { Kind = StoreRecordKind.SessionOpened, Session = 0x10000000001, Epoch = 2, Topic = "c1", UserName = "u", Version = MqttVersion.V5, Seconds = 3600 },
        new() { Kind = StoreRecordKind.SessionAway, Session = 0x10000000001, Epoch = 2, Utc = 1_700_000_000_000, Sequence = 9 },
        new() { Kind = StoreRecordKind.SessionEnded, Session = 0x10000000001, Epoch = 2 },
        new() { Kind = StoreRecordKind.Subscribed, Session = 0x10000000001, Topic = "a/#", Options = 0x29, Identifier = 7 },
        new() { Kind = StoreRecordKind.Unsubscribed, Session = 0x10000000001, Topic = "a/#" },
        Message,
        new() { Kind = StoreRecordKind.Message, Topic = "t", Payload = [1], Qos = QualityOfService.AtLeastOnce },
        new() { Kind = StoreRecordKind.Finished, Ranges = [new(0x10000000001, 3, 5), new(0x10000000002, 1, 1)] },
        new() { Kind = StoreRecordKind.Received, Session = 0x10000000001, Sequence = 4 },
        new() { Kind = StoreRecordKind.Incoming, Session = 0x10000000001, PacketIdentifier = 0x1234 },
        new() { Kind = StoreRecordKind.Released, Session = 0x10000000001, PacketIdentifier = 0x1234 },
        new() { Kind = StoreRecordKind.Sent, Session = 0x10000000001, Sequence = 4 },
        new()
        {
            Kind = StoreRecordKind.Will, Session = 0x10000000001, Epoch = 2, Topic = "w", Properties = [1, 2], Payload = [3], Qos = QualityOfService.ExactlyOnce,
            Retain = true, Seconds = 5, MessageExpirySeconds = 6,
        },
        new() { Kind = StoreRecordKind.WillRemoved, Session = 0x10000000001, Epoch = 2 },
    ];

    private static Operation Message => new()
    {
        Kind = StoreRecordKind.Message,
        Session = 0x10000000001,
        Epoch = 2,
        PacketIdentifier = 8,
        Topic = "a/b",
        Properties = [0x26, 0],
        Payload = [1, 2, 3],
        Qos = QualityOfService.ExactlyOnce,
        Retain = true,
        IsWill = true,
        RetainedRevision = 11,
        RetainedFloor = 10,
        ExpiresAt = 1_700_000_000_000,
        TakenFrom = new StoreRange(0x10000000003, 2, 2),
        References =
        [
            new(0x10000000001, 1, QualityOfService.AtLeastOnce, false, 0, null),
            new(0x10000000002, 2, QualityOfService.ExactlyOnce, true, 5, null, "$share/g/a/#"u8.ToArray(), true),
            new(0x10000000003, 3, QualityOfService.AtLeastOnce, false, 0, [6, 7]),
        ],
    };
}
