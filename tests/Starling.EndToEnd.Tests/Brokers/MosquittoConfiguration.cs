using System.Globalization;

namespace Starling.EndToEnd.Tests.Brokers;

/// <summary>Writes the options of a test in mosquitto's words; a test with an option that mosquitto does not have is skipped.</summary>
internal static class MosquittoConfiguration
{
    public static string Write(BrokerSettings settings, int port)
    {
        List<string> lines =
        [
            $"listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1",
            "allow_anonymous true",
            "user root",
            "persistence false",
            "log_type all",
            "log_dest stderr",
        ];
        if (!settings.Options.ContainsKey("Limits:SessionQueueMessagesMax"))
        {
            lines.Add("max_queued_messages 0");
        }

        if (!settings.Options.ContainsKey("Limits:ReceiveMaximum") && !settings.Options.ContainsKey("Limits:OutgoingWindow3x"))
        {
            lines.Add("max_inflight_messages 500");
        }

        foreach ((string key, string value) in settings.Options)
        {
            lines.Add(Translate(key, value));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Translate(string key, string value)
    {
        string? line = key switch
        {
            "SysInterval" => "sys_interval 1",
            "Limits:PacketBytesMax" => $"max_packet_size {value}",
            "Limits:ReceiveMaximum" => $"max_inflight_messages {value}",
            "Limits:TopicAliasMaximum" => $"max_topic_alias {value}",
            "Limits:SessionQueueMessagesMax" => $"max_queued_messages {value}",
            "Limits:OutgoingWindow3x" => $"max_inflight_messages {value}",
            "Limits:ConnectionsMax" => $"max_connections {value}",
            "Limits:MaximumQos" => $"max_qos {value}",
            "Limits:RetainAvailable" => $"retain_available {value}",
            "Limits:KeepAliveMax" => $"max_keepalive {value.TrimEnd('s')}",
            _ => null,
        };
        Assert.SkipWhen(line is null, $"mosquitto has no option like {key}.");
        return line ?? "";
    }
}
