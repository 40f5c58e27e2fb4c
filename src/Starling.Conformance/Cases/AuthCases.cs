using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>AUTH and Authentication Methods on a server that need not have any (3.15, 4.12).</summary>
internal static class AuthCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A CONNECT with a method that the server does not have is refused", ["MQTT-4.12.0-1"], UnknownMethodAsync),
        new("Without a method in CONNECT there is none in CONNACK, and no AUTH", ["MQTT-4.12.0-6"], NoMethodAsync),
        new("An AUTH of a client that named no method ends the connection", ["MQTT-4.12.0-7", "U5-41"], UnaskedAuthAsync),
    ];

    private static async Task UnknownMethodAsync(CaseRun run)
    {
        byte[] method = Property.Text(PropertyId.AuthenticationMethod, "nonsense");
        byte[][] variants =
        [
            method,
            [.. method, .. Property.Data(PropertyId.AuthenticationData, [1, 2, 3])],
        ];
        await run.EachAsync(variants, Convert.ToHexString, async properties =>
        {
            ReasonCode? code = await Refusal.SendAsync(run, PacketBytes.Connect(run.NewConnect() with { Properties = properties }));
            run.Require(
                code is null or ReasonCode.BadAuthenticationMethod or ReasonCode.NotAuthorized,
                $"the code 8C or 87 was due, or none; it is {(int?)code:X2}");
        });

        // No method has the empty name, for which a server may find the packet broken.
        byte[] empty = Property.Text(PropertyId.AuthenticationMethod, "");
        await Refusal.SendAsync(run, PacketBytes.Connect(run.NewConnect() with { Properties = empty }));
    }

    private static async Task NoMethodAsync(CaseRun run)
    {
        ConnectFields[] variants = [run.NewConnect(), run.NewConnect().Persistent()];
        foreach (ConnectFields fields in variants)
        {
            (WireClient client, WirePacket? first) = await run.TryConnectAsync(fields);
            run.RequireEqual(PacketType.ConnAck, first?.Type, "the first packet");
            bool hasMethod = first is not null && (first.Has(PropertyId.AuthenticationMethod) || first.Has(PropertyId.AuthenticationData));
            run.Require(!hasMethod, "CONNACK has an Authentication Method or Authentication Data");
            await client.ExpectQuietAsync();
        }
    }

    private static async Task UnaskedAuthAsync(CaseRun run)
    {
        byte[] method = Property.Text(PropertyId.AuthenticationMethod, Preparation.Method);
        (string Name, byte[] Bytes)[] variants =
        [
            ("re-authenticate", PacketBytes.Auth(ReasonCode.ReAuthenticate, method)),
            ("continue", PacketBytes.Auth(ReasonCode.ContinueAuthentication, method)),
            ("success", PacketBytes.Auth(ReasonCode.Success, method)),
            ("without a method", PacketBytes.Auth(ReasonCode.ReAuthenticate)),
            ("of length 0", [0xF0, 0]),
        ];
        await run.EachAsync(variants, variant => variant.Name, async variant =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(variant.Bytes);
            await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
        });
    }
}
