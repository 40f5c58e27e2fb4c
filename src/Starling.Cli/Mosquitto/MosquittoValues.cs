using System.Globalization;
using System.Text;
using Starling.Cli.Formatting;
using Starling.Protocol;
using Starling.Protocol.Topics;

namespace Starling.Cli.Mosquitto;

/// <summary>Checks the values of flags as mosquitto does, and says what is wrong with its words.</summary>
internal static class MosquittoValues
{
    private const string Both = "Error: -i and -I argument cannot be used together.\n\n";

    public static string? TakeIdentifier(MosquittoSettings settings, string value)
    {
        settings.Identifier = value;
        return null;
    }

    public static string? TakePrefix(MosquittoSettings settings, string value)
    {
        settings.IdentifierPrefix = value;
        return null;
    }

    /// <summary>What is wrong with a flag before its value is looked at.</summary>
    public static string? CheckPlace(MosquittoSettings settings, MosquittoFlag flag) => flag.Name switch
    {
        "-i" when settings.IdentifierPrefix is not null => Both,
        "-I" when settings.Identifier is not null => Both,
        "-f" or "-l" or "-m" or "-n" or "-s" when settings.Source != MosquittoSource.None =>
            "Error: Only one type of message can be sent at once.\n\n",
        _ => null,
    };

    public static string? TakeKeepAlive(MosquittoSettings settings, string value)
    {
        settings.KeepAliveSeconds = CNumbers.ToInt(value);
        return settings.KeepAliveSeconds is >= 5 and <= ushort.MaxValue
            ? null
            : "Error: Invalid keepalive given, it must be between 5 and 65535 inclusive.\n\n";
    }

    public static string? TakePort(MosquittoSettings settings, string value)
    {
        int port = CNumbers.ToInt(value);
        settings.Port = port;
        return port is >= 0 and <= ushort.MaxValue ? null : Text($"Error: Invalid port given: {port}\n");
    }

    public static string? TakeProxy(MosquittoSettings settings, string value)
    {
        settings.Proxy = SocksProxy.Parse(value, out string error);
        return settings.Proxy is null ? error : null;
    }

    public static string? TakeVersion(MosquittoSettings settings, string value)
    {
        MqttVersion? version = value switch
        {
            "mqttv31" or "31" => MqttVersion.V31,
            "mqttv311" or "311" => MqttVersion.V311,
            "mqttv5" or "5" => MqttVersion.V5,
            _ => null,
        };
        settings.Version = version ?? settings.Version;
        return version is null ? "Error: Invalid protocol version argument given.\n\n" : null;
    }

    public static string? TakeExpiry(MosquittoSettings settings, string value)
    {
        long seconds = uint.MaxValue;
        if (value != "∞" && !CNumbers.TryWhole(value, out seconds))
        {
            return "Error: session-expiry-interval not a number.\n\n";
        }

        if (seconds is > uint.MaxValue or < -1)
        {
            return "Error: session-expiry-interval out of range.\n\n";
        }

        settings.SessionExpirySeconds = seconds == -1 ? uint.MaxValue : seconds;
        return null;
    }

    public static string? TakeWillQos(MosquittoSettings settings, string value)
    {
        settings.WillQos = CNumbers.ToInt(value);
        return settings.WillQos is >= 0 and <= 2 ? null : Text($"Error: Invalid will QoS {settings.WillQos}.\n\n");
    }

    public static string? TakeWillTopic(MosquittoSettings settings, string value)
    {
        settings.WillTopic = value;
        return IsMalformed(value)
            ? "Error: Malformed UTF-8 in --will-topic argument.\n\n"
            : HasWildcards(value) ? $"Error: Invalid will topic '{value}', does it contain '+' or '#'?\n" : null;
    }

    public static string? TakeInFlight(MosquittoSettings settings, string value)
    {
        settings.InFlightMax = CNumbers.ToInt(value);
        return settings.InFlightMax >= 1 ? null : "Error: Maximum inflight messages must be greater than 0.\n\n";
    }

    public static string? TakeQos(MosquittoSettings settings, string value)
    {
        settings.Qos = CNumbers.ToInt(value);
        return settings.Qos is >= 0 and <= 2 ? null : Text($"Error: Invalid QoS given: {settings.Qos}\n");
    }

    public static string? TakeRepetitions(MosquittoSettings settings, string value)
    {
        settings.Repetitions = CNumbers.ToInt(value);
        return settings.Repetitions >= 1 ? null : "Error: --repeat argument must be >0.\n\n";
    }

    public static string? TakeRepeatDelay(MosquittoSettings settings, string value)
    {
        double seconds = CNumbers.ToDouble(value);
        if (seconds < 0)
        {
            return "Error: --repeat-delay argument must be >=0.0.\n\n";
        }

        settings.RepeatDelay = TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue / 1000));
        return null;
    }

    public static string? TakeTopic(MosquittoSettings settings, string value, string flag)
    {
        if (IsMalformed(value))
        {
            return $"Error: Malformed UTF-8 in {flag} argument.\n\n";
        }

        if (settings.Tool == MosquittoTool.Sub)
        {
            settings.Filters.Add(value);
            return IsFilter(value) ? null : $"Error: Invalid subscription topic '{value}', are all '+' and '#' wildcards correct?\n";
        }

        settings.Topic = value;
        return HasWildcards(value) ? $"Error: Invalid publish topic '{value}', does it contain '+' or '#'?\n" : null;
    }

    public static string? TakeResponseTopic(MosquittoSettings settings, string value)
    {
        settings.ResponseTopic = value;
        return IsMalformed(value)
            ? "Error: Malformed UTF-8 in -e argument.\n\n"
            : HasWildcards(value) ? $"Error: Invalid response topic '{value}', does it contain '+' or '#'?\n" : null;
    }

    public static string? TakeCount(MosquittoSettings settings, string value)
    {
        settings.Count = CNumbers.ToInt(value);
        return settings.Count >= 1 ? null : Text($"Error: Invalid message count \"{settings.Count}\".\n\n");
    }

    public static string? TakeRandomFilter(MosquittoSettings settings, string value)
    {
        // mosquitto multiplies by ten and compares with ten thousand: 100 prints a tenth only, and more than 100 is taken.
        double chance = 10 * CNumbers.ToDouble(value);
        settings.RandomFilter = (int)Math.Clamp(chance, int.MinValue, int.MaxValue);
        return settings.RandomFilter is >= 1 and <= MosquittoSettings.RandomFilterMax
            ? null
            : "Error: --random-filter chance must be between 0.1-100.0\n\n";
    }

    public static string? TakeLeftOut(MosquittoSettings settings, string value)
    {
        settings.LeftOut.Add(value);
        return IsMalformed(value)
            ? "Error: Malformed UTF-8 in -T argument.\n\n"
            : IsFilter(value) ? null : $"Error: Invalid filter topic '{value}', are all '+' and '#' wildcards correct?\n";
    }

    public static string? TakeUnsubscribed(MosquittoSettings settings, string value)
    {
        settings.Unsubscribed.Add(value);
        return IsMalformed(value)
            ? "Error: Malformed UTF-8 in -U argument.\n\n"
            : IsFilter(value) ? null : $"Error: Invalid unsubscribe topic '{value}', are all '+' and '#' wildcards correct?\n";
    }

    public static string? TakeTimeout(MosquittoSettings settings, string value)
    {
        settings.TimeoutSeconds = CNumbers.ToInt(value);
        return settings.TimeoutSeconds >= 1 ? null : Text($"Error: Invalid timeout \"{settings.TimeoutSeconds}\".\n\n");
    }

    public static string? TakeFormat(MosquittoSettings settings, string value)
    {
        bool isRead = MessageFormat.TryParse(value, out MessageFormat? format, out string error);
        settings.Format = format;
        return isRead ? null : $"Error: {error}\n";
    }

    // Bytes of the command line that are no UTF-8 have become the replacement character or a lone surrogate.
    private static bool IsMalformed(string value) =>
        !Utf8String.IsValid(Encoding.UTF8.GetBytes(value)) || value.Contains('\uFFFD', StringComparison.Ordinal);

    private static bool HasWildcards(string value) => value.AsSpan().ContainsAny('+', '#') || Encoding.UTF8.GetByteCount(value) > ushort.MaxValue;

    // An empty filter goes to the broker, which refuses it.
    private static bool IsFilter(string value) => value.Length == 0 || TopicFilter.IsValid(Encoding.UTF8.GetBytes(value));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
