using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>Says what is wrong with options, before anything is done with them.</summary>
internal static class OptionsValidator
{
    public static void Validate(MqttClientOptions options)
    {
        Require(options.Servers.Count > 0, "Servers", "needs at least one address, for example mqtt://localhost:1883");
        foreach (Uri server in options.Servers)
        {
            Require(
                options.Transport is not null || (server.IsAbsoluteUri && server.Scheme == "mqtt" && server.Host.Length > 0),
                "Servers",
                $"takes addresses like mqtt://localhost:1883, not {(!server.IsAbsoluteUri ? "relative ones" : server.Host.Length > 0 ? server.Scheme : "one without a host")}");
        }

        Require(options.Version is MqttVersion.V31 or MqttVersion.V311 or MqttVersion.V5, "Version", "is V31, V311 or V5");
        Require(options.KeepAlive >= TimeSpan.Zero && options.KeepAlive.TotalSeconds <= ushort.MaxValue, "KeepAlive", "is 0 to 65535 s");
        Require(options.SessionExpiry >= TimeSpan.Zero, "SessionExpiry", "is not negative");
        Require(options.WillDelay >= TimeSpan.Zero, "WillDelay", "is not negative");
        Require(
            options.Outbox.Path is null || !string.IsNullOrEmpty(options.ClientId),
            "Outbox",
            "in a file needs a ClientId, under which the server finds the session again; for example ClientId = \"gate-7\"");
        Require(options.ReceiveMaximum > 0, "ReceiveMaximum", "is 1 to 65535");
        Require(options.MaximumPacketSize is >= 1024 and <= 256 << 20, "MaximumPacketSize", "is 1 KiB to 256 MiB");
        Require(options.ConnectTimeout > TimeSpan.Zero, "ConnectTimeout", "is above 0");
        Require(options.ShutdownTimeout >= TimeSpan.Zero, "ShutdownTimeout", "is not negative");
        ReconnectOptions reconnect = options.Reconnect;
        Require(reconnect.FirstDelay > TimeSpan.Zero, "Reconnect.FirstDelay", "is above 0");
        Require(
            reconnect.MaxDelay >= reconnect.FirstDelay && reconnect.MaxDelay <= TimeSpan.FromHours(1),
            "Reconnect.MaxDelay",
            "is at least FirstDelay and at most 1 h");
        Require(reconnect.StableAfter >= TimeSpan.Zero, "Reconnect.StableAfter", "is not negative");
        Require(options.Will is null || options.Will.Payload.Length <= ushort.MaxValue, "Will", "has a payload of at most 65535 bytes");
        Require(
            options.Authentication is null || options.Version == MqttVersion.V5, "Authentication", "needs Version V5");
        Require(
            options.Version != MqttVersion.V31 || options.ClientId is null or { Length: > 0 and <= 23 },
            "ClientId",
            "has 1 to 23 characters in 3.1");
    }

    private static void Require(bool isGood, string key, string rule)
    {
        if (!isGood)
        {
            throw new ArgumentException($"{key} {rule}.", key);
        }
    }
}
