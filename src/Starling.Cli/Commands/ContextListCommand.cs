using System.CommandLine;
using Starling.Cli.Contexts;
using Starling.Cli.Flags;
using Starling.Cli.Output;

namespace Starling.Cli.Commands;

/// <summary><c>starling context ls</c>: lists the contexts, without their secrets.</summary>
internal sealed class ContextListCommand : ICommand
{
    private static readonly string[] Columns = ["name", "current", "server", "username", "password", "flags"];
    private static readonly string[] OwnColumns = ["host", "port", "url", "username", "pw", "password-file", "password-env"];

    private readonly Option<string> _output = OutputFlag.Create();

    public ContextListCommand() => Syntax = new FlagSet { _output };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling context ls",
        "starling context ls --output table",
        "starling context ls --output csv > contexts.csv",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "No password is printed, only where it is: kept, in a file, or in an environment variable.";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        OutputFormat format = OutputFlag.Read(flags, _output, environment);
        return flags.Error is string error ? Task.FromResult(environment.RefuseUsage(error)) : ContextRun.RunAsync(environment, () =>
        {
            ContextSet contexts = ContextFile.Read(environment);
            RowWriter.Write(environment.Output, format, Columns, [.. contexts.Contexts.Select(context => Row(context, context.Name == contexts.Current))]);
            return null;
        });
    }

    private static object?[] Row(SavedContext context, bool isCurrent)
    {
        ServerUrl url = context.Value("url") is string text && ServerUrl.TryParse(text, out ServerUrl parsed) ? parsed : default;
        string? password = context.Has("password-file") ? $"file {context.Value("password-file")}"
            : context.Has("password-env") ? $"variable {context.Value("password-env")}"
            : context.Has("pw") || url.Password is not null ? "kept"
            : null;
        IEnumerable<string> others = context.Flags.Where(flag => !OwnColumns.Contains(flag.Key)).Select(flag => flag.Value is null ? flag.Key : $"{flag.Key}={flag.Value}");
        return [context.Name, isCurrent, ServerOf(context, url), context.Value("username") ?? url.UserName, password, string.Join(' ', others)];
    }

    private static string ServerOf(SavedContext context, ServerUrl url)
    {
        if (context.Value("unix") is string socket)
        {
            return socket;
        }

        bool isEncrypted = url.IsEncrypted || context.Has("cafile") || context.Has("capath") || context.Has("tls-use-os-certs");
        string host = context.Value("host") ?? url.Host ?? "localhost";
        string port = context.Value("port") ?? $"{url.Port ?? (isEncrypted ? ServerUrl.SecurePort : ServerUrl.DefaultPort)}";
        return $"{(host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host)}:{port}";
    }
}
