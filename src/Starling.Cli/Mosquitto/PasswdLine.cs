using Starling.Cli.Passwords;

namespace Starling.Cli.Mosquitto;

/// <summary>The command line of mosquitto_passwd; filled while it is read.</summary>
internal sealed class PasswdLine
{
    public PasswordHashKind Kind { get; private set; } = PasswordHashKind.Pbkdf2;

    public int Iterations { get; private set; } = PasswordHash.UsualIterations;

    public bool Creates { get; private set; }

    public bool Deletes { get; private set; }

    public bool Updates { get; private set; }

    /// <summary>Null when the words make no command.</summary>
    public string? Path { get; private set; }

    public string? User { get; private set; }

    /// <summary>Null: it is asked for.</summary>
    public string? Password { get; private set; }

    /// <summary>Reads it; flags come before the words.</summary>
    /// <returns>What is wrong, in the words of mosquitto; null when nothing is, or when it is so much that only the usage helps.</returns>
    public string? Read(string[] args)
    {
        bool isBatch = false;
        int position = 0;
        for (; position < args.Length && args[position].StartsWith('-') && args[position] != "--help"; position++)
        {
            switch (args[position])
            {
                case "-b": isBatch = true; break;
                case "-c": Creates = true; break;
                case "-D": Deletes = true; break;
                case "-U": Updates = true; break;
                case "-H" or "-I" when position + 1 == args.Length:
                    return $"Error: {args[position]} argument given but not enough other arguments.\n";
                case "-H":
                    if (!TakeKind(args[++position]))
                    {
                        return $"Error: Unknown hash type '{args[position]}'\n";
                    }

                    break;
                case "-I":
                    Iterations = CNumbers.ToInt(args[++position]);
                    if (Iterations < 1)
                    {
                        return "Error: Number of iterations must be > 0.\n";
                    }

                    break;
                default: return null;
            }
        }

        string? clash = Creates && Deletes ? "-c and -D" : Creates && Updates ? "-c and -U" : Deletes && Updates ? "-D and -U"
            : isBatch && Deletes ? "-b and -D" : null;
        return clash is null ? TakeWords(args[position..], isBatch) : $"Error: {clash} cannot be used together.\n";
    }

    private string? TakeWords(string[] words, bool isBatch)
    {
        int wanted = Updates ? 1 : isBatch ? 3 : 2;
        if (words.Length != wanted)
        {
            return Creates && words.Length < wanted
                ? $"Error: -c argument given but password file{(isBatch ? ", username, or password" : " or username")} missing.\n"
                : Deletes && words.Length < wanted ? "Error: -D argument given but password file or username missing.\n"
                : Updates && words.Length < wanted ? "Error: -U argument given but password file missing.\n" : null;
        }

        Path = words[0];
        User = Updates ? null : words[1];
        Password = isBatch && !Updates ? words[2] : null;
        return null;
    }

    private bool TakeKind(string word)
    {
        Kind = word == "sha512" ? PasswordHashKind.Sha512 : PasswordHashKind.Pbkdf2;
        return word is "sha512" or "sha512-pbkdf2";
    }
}
