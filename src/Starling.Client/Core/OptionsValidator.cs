using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>Says what is wrong with options, before anything is done with them.</summary>
internal static class OptionsValidator
{
    /// <summary>The longest time to wait for something: more than anybody needs, and no more than a timer takes.</summary>
    public static TimeSpan WaitMax { get; } = TimeSpan.FromDays(1);

    public static void Validate(MqttClientOptions options)
    {
        Require(options.Servers.Count > 0, "Servers", "needs at least one address, for example mqtt://localhost:1883");
        foreach (Uri server in options.Servers)
        {
            Require(options.Transport is not null || Fault(server) is null, "Servers", $"takes addresses like mqtt://localhost:1883, not {Fault(server)}");
        }

        if (options.Transport is null && options.Servers.Any(static server => ServerScheme.HasTls(server.Scheme)))
        {
            ValidateTls(options.Tls);
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
        Require(options.ConnectTimeout > TimeSpan.Zero && options.ConnectTimeout <= WaitMax, "ConnectTimeout", "is above 0 and at most 24 h");
        Require(options.ShutdownTimeout >= TimeSpan.Zero && options.ShutdownTimeout <= WaitMax, "ShutdownTimeout", "is 0 to 24 h");
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

    private static string? Fault(Uri server) => server switch
    {
        { IsAbsoluteUri: false } => "relative ones",
        _ when !ServerScheme.IsKnown(server.Scheme) => $"{server.Scheme}; schemes are {string.Join(", ", ServerScheme.All)}",
        { UserInfo.Length: > 0 } => "one with a user; give Credentials",
        { Scheme: ServerScheme.Unix } => server.Host.Length > 0 || server.AbsolutePath.Length < 2 ? "unix without a whole path" : null,
        { Host.Length: 0 } => "one without a host",
        _ when !ServerScheme.IsWebSocket(server.Scheme) && server.PathAndQuery is not ("" or "/") => "one with a path or a query",
        _ => null,
    };

    private static void ValidateTls(MqttTlsOptions tls)
    {
        try
        {
            tls.ToSettings().Validate();
        }
        catch (ArgumentException fault)
        {
            string message = fault.Message.Replace($" (Parameter '{fault.ParamName}')", string.Empty, StringComparison.Ordinal);
            throw new ArgumentException($"Tls.{message}", $"Tls.{fault.ParamName}", fault);
        }
    }

    private static void Require(bool isGood, string key, string rule)
    {
        if (!isGood)
        {
            throw new ArgumentException($"{key} {rule}.", key);
        }
    }
}
