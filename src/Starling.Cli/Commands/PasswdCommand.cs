using System.CommandLine;
using System.Globalization;
using System.Text;
using Starling.Cli.Flags;
using Starling.Cli.Passwords;

namespace Starling.Cli.Commands;

/// <summary><c>starling passwd</c>: keeps the passwords of a file in mosquitto's format.</summary>
internal sealed class PasswdCommand : ICommand
{
    private const int TextBytesMax = ushort.MaxValue;

    private static readonly (string Word, PasswordHashKind Value)[] Kinds =
        [("sha512-pbkdf2", PasswordHashKind.Pbkdf2), ("sha512", PasswordHashKind.Sha512)];

    private readonly Option<bool> _batch = FlagKinds.Switch("--batch", "The password is the last word; others can see it in ps.", "-b");
    private readonly Option<bool> _create = FlagKinds.Switch("--create", "Make a new file; one that exists is overwritten.", "-c");
    private readonly Option<bool> _delete = FlagKinds.Switch("--delete", "Take the user out of the file.", "-D");
    private readonly Option<bool> _update = FlagKinds.Switch("--update", "Hash the passwords that stand in the file in plain text.", "-U");
    private readonly Option<string> _hash = FlagKinds.Value("--hash", "HASH", "sha512-pbkdf2 or sha512. Default sha512-pbkdf2.", "-H");
    private readonly Option<string> _iterations = FlagKinds.Value(
        "--iterations", "N", "How often sha512-pbkdf2 is repeated: more is slower to guess, and to log in with. Default 101, as mosquitto.", "-I");
    private readonly Argument<string[]> _words = new("FILE [USER [PASSWORD]]")
    {
        Description = "The password file, the user, and with -b the password.", Arity = ArgumentArity.ZeroOrMore,
    };

    public PasswdCommand() => Syntax = new FlagSet
    {
        _batch, _create, _delete, _update, _hash, _iterations, _words,
    };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling passwd -c /etc/starling/passwd ann",
        "starling passwd -D /etc/starling/passwd ann",
        "starling passwd -U /etc/starling/passwd",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        string[] words = parsed.GetValue(_words) ?? [];
        PasswordHashKind kind = flags.Choice(_hash, Kinds, PasswordHashKind.Pbkdf2);
        int iterations = (int)flags.Number(_iterations, 1, 10_000_000, PasswordHash.UsualIterations);
        CheckTogether(flags, words);
        if (flags.Error is { } error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        try
        {
            return Task.FromResult(Change(flags, words, password => PasswordHash.Create(password, kind, iterations), environment));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(Fail($"{words[0]} cannot be changed: {fault.Message}", environment));
        }
        catch (DecoderFallbackException)
        {
            return Task.FromResult(Fail($"{words[0]} is no password file: it is not UTF-8.", environment));
        }
    }

    private void CheckTogether(FlagReader flags, string[] words)
    {
        bool isUpdate = flags.Has(_update);
        bool isBatch = flags.Has(_batch);
        int modes = ((ReadOnlySpan<bool>)[flags.Has(_create), flags.Has(_delete), isUpdate]).Count(true);
        if (modes > 1 || (isBatch && (flags.Has(_delete) || isUpdate)))
        {
            flags.Refuse("only one of -c, -D and -U can be given, and -b goes with none or with -c.");
        }

        int wanted = isUpdate ? 1 : isBatch ? 3 : 2;
        if (words.Length != wanted)
        {
            flags.Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"passwd needs {(isUpdate ? "FILE" : isBatch ? "FILE USER PASSWORD" : "FILE USER")} here, and got {words.Length} words. For example {Examples[0]}."));
        }
        else if (!isUpdate && FindFault(words[1]) is { } fault)
        {
            flags.Refuse($"the user {words[1]} is not allowed: {fault}. For example ann.");
        }
        else if (isBatch && words[2].Length == 0)
        {
            flags.Refuse("the password is empty; a password has at least one character.");
        }
    }

    private static string? FindFault(string user) => user.Length == 0 ? "a name has at least one character"
        : user.Contains(':', StringComparison.Ordinal) ? "a name has no :, which ends it in the file"
        : user.Any(char.IsControl) ? "a name has no control characters"
        : Encoding.UTF8.GetByteCount(user) > TextBytesMax ? "a name has at most 65535 bytes" : null;

    private int Change(FlagReader flags, string[] words, Func<string, string> hash, CommandEnvironment environment)
    {
        PasswordFile file = flags.Has(_create) ? PasswordFile.CreateEmpty() : PasswordFile.Read(words[0]);
        if (file.BrokenLine > 0)
        {
            return Fail(string.Create(
                CultureInfo.InvariantCulture, $"{words[0]}:{file.BrokenLine} is neither user:hash nor a comment; nothing was changed."), environment);
        }

        if (flags.Has(_update))
        {
            int count = file.HashPlain(hash);
            environment.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"starling: {count} passwords were hashed."));
        }
        else if (flags.Has(_delete))
        {
            if (!file.Remove(words[1]))
            {
                return Fail($"{words[0]} has no user {words[1]}.", environment);
            }
        }
        else
        {
            string? password = flags.Has(_batch) ? words[2] : Ask(environment);
            if (password is null)
            {
                return ExitCode.Usage;
            }

            file.Set(words[1], hash(password));
        }

        file.Save(words[0]);
        return ExitCode.Ok;
    }

    private static string? Ask(CommandEnvironment environment)
    {
        SecretPrompt prompt = environment.Secrets;
        environment.Error.Write("Password: ");
        string? first = prompt.Read();
        environment.Error.WriteLine();
        if (string.IsNullOrEmpty(first))
        {
            environment.Error.WriteLine("starling: the password is empty; nothing was changed.");
            return null;
        }

        environment.Error.Write("Again: ");
        string? second = prompt.Read();
        environment.Error.WriteLine();
        if (second != first)
        {
            environment.Error.WriteLine("starling: the passwords differ; nothing was changed.");
            return null;
        }

        return first;
    }

    private static int Fail(string message, CommandEnvironment environment)
    {
        environment.Error.WriteLine($"starling: {message}");
        return ExitCode.Unexpected;
    }
}
