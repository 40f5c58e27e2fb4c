using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>Reads the options file and the command line of mosquitto_pub, mosquitto_sub or mosquitto_rr.</summary>
internal sealed class MosquittoCommandLine(MosquittoTool tool, CommandEnvironment environment)
{
    /// <summary>What was asked for instead of a run.</summary>
    public MosquittoRequest Request { get; private set; }

    /// <summary>What is wrong, in the words of mosquitto; null when nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>The settings; null when something is wrong or something else was asked for.</summary>
    public MosquittoSettings? Read(string[] args)
    {
        MosquittoSettings settings = new()
        {
            Tool = tool,
            Version = tool == MosquittoTool.Rr ? MqttVersion.V5 : MqttVersion.V311,
            Count = tool == MosquittoTool.Rr ? 1 : 0,
        };
        bool isRead = ReadFile(settings) && ReadWords(settings, args) && Fail(CheckTogether(settings));
        return isRead ? settings : null;
    }

    private bool ReadFile(MosquittoSettings settings)
    {
        string? folder = environment.Variable(VariableNames.ConfigHome)
            ?? (environment.Variable(VariableNames.Home) is { } home ? $"{home}/.config" : null);
        if (folder is null)
        {
            return Fail("");
        }

        string path = $"{folder}/{MosquittoFace.NameOf(tool)}";
        if (!File.Exists(path))
        {
            return true;
        }

        foreach (string line in File.ReadLines(path))
        {
            string trimmed = line.TrimEnd('\r').TrimStart(' ');
            if (line.StartsWith('#') || trimmed.Length == 0)
            {
                continue;
            }

            // The flag, and everything behind it is one value.
            string[] words = trimmed.Split(' ', 2);
            if (!ReadWords(settings, words.Length > 1 && words[1].Length == 0 ? words[..1] : words))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadWords(MosquittoSettings settings, string[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--help":
                    Request = MosquittoRequest.Help;
                    return false;
                case "--version":
                    Request = MosquittoRequest.Version;
                    return false;
                case "-D" or "--property":
                    if (!Fail(settings.Properties.Read(words, ref i)))
                    {
                        return false;
                    }

                    settings.Version = MqttVersion.V5;
                    break;
                default:
                    if (!Fail(ReadFlag(settings, words, ref i)))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private string? ReadFlag(MosquittoSettings settings, string[] words, ref int position)
    {
        string word = words[position];
        MosquittoFlag? flag = MosquittoFlags.All.FirstOrDefault(known => (known.Name == word || known.Alias == word) && known.Tools.HasFlag(tool));
        if (flag is null)
        {
            return $"Error: Unknown option '{word}'.\n";
        }

        if (MosquittoValues.CheckPlace(settings, flag) is { } misplaced)
        {
            return misplaced;
        }

        if (flag.Lacking is null)
        {
            return flag.Take(settings, "");
        }

        return position + 1 < words.Length
            ? flag.Take(settings, words[++position])
            : $"Error: {flag.Shown} argument given but {flag.Lacking}.\n\n";
    }

    private static string? CheckTogether(MosquittoSettings settings)
    {
        MosquittoTls tls = settings.Tls;
        if (settings.WillPayload is not null && settings.WillTopic is null)
        {
            return "Error: Will payload given, but no will topic given.\n";
        }

        if (settings.WillRetain && settings.WillTopic is null)
        {
            return "Error: Will retain given, but no will topic given.\n";
        }

        if (tls.CertFile is null != tls.KeyFile is null)
        {
            return "Error: Both certfile and keyfile must be provided if one of them is set.\n";
        }

        if (tls.KeyForm is not null && tls.KeyFile is null)
        {
            return "Error: If keyform is set, keyfile must be also specified.\n";
        }

        if (tls.EnginePasswordSha1 is not null && (tls.KeyForm is null || tls.Engine is null))
        {
            return "Error: when using tls-engine-kpass-sha1, both tls-engine and keyform must also be provided.\n";
        }

        if (tls.HasAuthority && tls.PreSharedKey is not null)
        {
            return "Error: Only one of --psk or --cafile/--capath may be used at once.\n";
        }

        if (tls.PreSharedKey is not null && tls.PreSharedKeyIdentity is null)
        {
            return "Error: --psk-identity required if --psk used.\n";
        }

        if (CheckSession(settings) is { } session)
        {
            return session;
        }

        return settings.Tool == MosquittoTool.Sub && settings.Filters.Count == 0
            ? "Error: You must specify a topic to subscribe to.\n"
            : settings.Properties.Check();
    }

    private static string? CheckSession(MosquittoSettings settings)
    {
        bool isNameless = settings.Identifier is null;
        if (settings.Version != MqttVersion.V5)
        {
            return !settings.CleanSession && isNameless ? "Error: You must provide a client id if you are using the -c option.\n" : null;
        }

        long seconds = settings.SessionExpirySeconds ?? (settings.CleanSession ? 0 : uint.MaxValue);
        if (seconds == uint.MaxValue && isNameless)
        {
            return "Error: You must provide a client id if you are using an infinite session expiry interval.\n";
        }

        if (seconds > 0)
        {
            settings.Properties.AddNumber("connect", PropertyId.SessionExpiryInterval, (uint)seconds);
        }

        return null;
    }

    private bool Fail(string? error)
    {
        Error = error;
        return error is null;
    }
}
