using System.CommandLine;
using System.Globalization;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary><c>-D COMMAND NAME VALUE [VALUE]</c>: properties of MQTT 5.0, as mosquitto writes them.</summary>
internal sealed class PropertyFlag
{
    private static readonly string[] Carried =
    [
        "connect user-property", "will user-property", "will will-delay-interval", "publish content-type", "publish response-topic",
        "publish correlation-data", "publish message-expiry-interval", "publish payload-format-indicator", "publish user-property",
        "will content-type", "will message-expiry-interval", "will payload-format-indicator", "will response-topic",
        "will correlation-data", "connect receive-maximum", "connect session-expiry-interval", "subscribe user-property",
    ];

    private readonly Option<string[]> _property = new("--property", "-D")
    {
        Description = "A property of 5.0, such as -D publish content-type text/plain; repeatable.",
        HelpName = "COMMAND NAME VALUE [VALUE]",

        // Every repetition adds to one list of values, so the list as a whole is not bounded.
        Arity = new ArgumentArity(3, ushort.MaxValue),
        AllowMultipleArgumentsPerToken = true,
    };

    public void AddTo(Command command) => command.Add(_property);

    public PropertySettings Read(FlagReader flags, MqttVersion version)
    {
        PropertySettings settings = new();
        ReadOnlySpan<string> rest = flags.Texts(_property);
        if (rest.Length > 0 && version != MqttVersion.V5)
        {
            flags.Refuse("-D needs MQTT 5: leave -V out.");
            return settings;
        }

        while (rest.Length > 0)
        {
            bool isPair = rest.Length > 1 && rest[1].Equals("user-property", StringComparison.OrdinalIgnoreCase);
            int length = isPair ? 4 : 3;
            if (rest.Length < length)
            {
                flags.Refuse(isPair
                    ? "-D needs COMMAND user-property NAME VALUE. For example -D publish user-property unit celsius."
                    : "-D needs COMMAND NAME VALUE. For example -D publish content-type text/plain.");
                return settings;
            }

            if (!TryAdd(settings, rest[..length]))
            {
                flags.Refuse($"-D {string.Join(' ', rest[..length])} is not allowed. Names and values: {string.Join(", ", Carried)}.");
                return settings;
            }

            Check(flags, rest[..length]);
            rest = rest[length..];
        }

        return settings;
    }

    private static void Check(FlagReader flags, ReadOnlySpan<string> words)
    {
        string flag = $"-D {words[0]} {words[1]}";
        foreach (string value in words[2..])
        {
            TextFlags.CheckLength(flags, flag, value);
        }

        if (words[1].Equals("response-topic", StringComparison.OrdinalIgnoreCase))
        {
            // The topic to answer to is a name [MQTT-3.3.2-14].
            TextFlags.CheckTopicName(flags, flag, words[2]);
        }
    }

    private static bool TryAdd(PropertySettings settings, ReadOnlySpan<string> words)
    {
        string command = words[0].ToLowerInvariant();
        string name = words[1].ToLowerInvariant();
        return (command, name) switch
        {
            ("connect", "user-property") => Add(settings.ConnectUserProperties, words),
            ("connect", "session-expiry-interval") => TryNumber(words[2], 0, uint.MaxValue, v => settings.SessionExpirySeconds = (uint)v),
            ("connect", "receive-maximum") => TryNumber(words[2], 1, ushort.MaxValue, v => settings.ReceiveMaximum = (ushort)v),
            ("subscribe", "user-property") => Add(settings.SubscribeUserProperties, words),
            ("will", "will-delay-interval") => TryNumber(words[2], 0, uint.MaxValue, v => settings.WillDelaySeconds = (uint)v),
            ("will", _) => TryAddToMessage(settings.Will, name, words),
            ("publish", _) => TryAddToMessage(settings.Publish, name, words),
            _ => false,
        };
    }

    private static bool TryAddToMessage(MessageProperties message, string name, ReadOnlySpan<string> words)
    {
        switch (name)
        {
            case "user-property":
                return Add(message.UserProperties, words);
            case "content-type":
                message.ContentType = words[2];
                return true;
            case "response-topic":
                message.ResponseTopic = words[2];
                return true;
            case "correlation-data":
                message.CorrelationData = System.Text.Encoding.UTF8.GetBytes(words[2]);
                return true;
            case "message-expiry-interval":
                return TryNumber(words[2], 0, uint.MaxValue, v => message.ExpirySeconds = (uint)v);
            case "payload-format-indicator":
                return TryNumber(words[2], 0, 1, v => message.PayloadIsUtf8 = v == 1);
            default:
                return false;
        }
    }

    private static bool Add(List<UserProperty> properties, ReadOnlySpan<string> words)
    {
        properties.Add(new UserProperty(words[2], words[3]));
        return true;
    }

    private static bool TryNumber(string text, long smallest, long largest, Action<long> set)
    {
        bool isAllowed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= smallest && value <= largest;
        if (isAllowed)
        {
            set(value);
        }

        return isAllowed;
    }
}
