using System.CommandLine;
using System.Text;

namespace Starling.Cli.Flags;

/// <summary>The flags that name a server and a user, with the names and defaults of mosquitto.</summary>
/// <param name="url">The flag for the URL.</param>
/// <param name="urlForm">What the URL may be, which is not the same in every command.</param>
internal sealed class ServerFlags(Option<string> url, string urlForm)
{
    /// <summary>The flag that names an environment variable with the password.</summary>
    public const string PasswordVariableFlag = "--password-env";

    private readonly Option<string> _host = FlagKinds.Value("--host", "HOST", "The server. Default localhost.", "-h");
    private readonly Option<string> _port = FlagKinds.Value("--port", "PORT", "Its port. Default 1883.", "-p");
    private readonly Option<string> _url = url;
    private readonly Option<string> _userName = FlagKinds.Value("--username", "NAME", $"User name. Default ${VariableNames.UserName}.", "-u");
    private readonly Option<string> _password = FlagKinds.Value(
        "--pw", "PASSWORD", $"Password; others can see it in ps, so - asks for it. Default ${VariableNames.Password}.", "-P");
    private readonly Option<string> _passwordFile = FlagKinds.Value(
        "--password-file", "FILE", "Read the password from the first line of a file.");
    private readonly Option<string> _passwordEnvironment = FlagKinds.Value(
        PasswordVariableFlag, "NAME", "Read the password from this environment variable.");
    private readonly Option<string> _context = ContextFlags.Create();

    public void AddTo(Command command)
    {
        foreach (Option flag in (ReadOnlySpan<Option>)[_host, _port, _url, _userName, _password, _passwordFile, _passwordEnvironment, _context])
        {
            command.Add(flag);
        }
    }

    /// <summary>
    /// What the flags say, and where they say nothing -L, then the context, then the environment; what is wrong is kept in
    /// <paramref name="flags"/>, which from then on read the context too.
    /// </summary>
    /// <param name="flags">The flags.</param>
    /// <param name="environment">The variables, and the place of the contexts.</param>
    /// <param name="socket">The flag that names a Unix socket instead of a host; null where there is none.</param>
    public ServerSettings Read(FlagReader flags, CommandEnvironment environment, Option<string>? socket = null)
    {
        ServerUrl given = ReadUrl(flags, "-L", flags.Given(_url));
        bool isServerNamed = flags.IsGiven(_host) || flags.IsGiven(_url) || (socket is not null && flags.IsGiven(socket));
        flags.Context = ContextFlags.Choose(flags, _context, isServerNamed, environment);
        bool isSocket = socket is not null && flags.Has(socket);
        ServerUrl parts = given.Host is null ? ReadOtherUrl(flags, isSocket, environment) : given;
        string? userName = flags.Given(_userName) ?? given.UserName ?? flags.Kept(_userName) ?? parts.UserName ?? environment.Setting(VariableNames.UserName);
        string? password = ReadPassword(flags, flags.Given, environment) ?? given.Password
            ?? ReadPassword(flags, flags.Kept, environment) ?? parts.Password ?? environment.Setting(VariableNames.Password);

        // A URL on the command line is a whole address, in which nothing of the context has a place.
        string host = (given.Host is null ? flags.Text(_host) : flags.Given(_host)) ?? parts.Host ?? "localhost";
        int port = parts.Port ?? ServerUrl.DefaultPort;
        if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
        {
            string source = flags.Has(_host) ? flags.Spelling(_host) : "-h";
            flags.Refuse(
                $"{source} {host} is not allowed: a host name or an IP address; the port goes to -p, a URL to -L. For example -h localhost.");
        }

        TextFlags.CheckLength(flags, "-u", userName);
        TextFlags.CheckLength(flags, "-P", password);
        return new ServerSettings
        {
            Host = host,
            Port = given.Host is null || flags.IsGiven(_port) ? (int)flags.Number(_port, 1, ushort.MaxValue, port) : port,
            UrlPath = parts.Path,
            IsWebSocket = parts.IsWebSocket,
            IsEncrypted = parts.IsEncrypted,
            IsPortChosen = parts.Port is not null || (given.Host is null ? flags.Has(_port) : flags.IsGiven(_port)),
            IsAddressGiven = flags.IsGiven(_host) || flags.IsGiven(_url),
            IsUrlGiven = flags.IsGiven(_url),
            UserName = userName,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
        };
    }

    private ServerUrl ReadUrl(FlagReader flags, string source, string? text) =>
        text is null ? default : ServerUrl.Read(flags, source, text, urlForm);

    // That of the environment is for those who name no server at all.
    private ServerUrl ReadOtherUrl(FlagReader flags, bool isSocket, CommandEnvironment environment) =>
        flags.Kept(_url) is string kept ? ReadUrl(flags, flags.Spelling(_url), kept)
        : flags.Has(_host) || flags.Has(_port) || isSocket ? default
        : ReadUrl(flags, VariableNames.Url, environment.Setting(VariableNames.Url));

    private static string? Ask(FlagReader flags, CommandEnvironment environment)
    {
        environment.Error.Write("Password: ");
        string? password = environment.Secrets.Read();
        environment.Error.WriteLine();
        if (password is null)
        {
            flags.Refuse("-P - asks for a password, and the standard input has ended; use --password-file or --password-env where nobody can be asked.");
        }

        return password;
    }

    private string? ReadPassword(FlagReader flags, Func<Option<string>, string?> read, CommandEnvironment environment)
    {
        if (read(_passwordFile) is string path)
        {
            try
            {
                using StreamReader reader = new(path);
                return reader.ReadLine() ?? "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                flags.Refuse($"--password-file {path} cannot be read: {e.Message}");
                return null;
            }
        }

        if (read(_passwordEnvironment) is string name)
        {
            string? value = environment.Variable(name);
            if (value is null)
            {
                flags.Refuse($"--password-env {name}: there is no such environment variable.");
            }

            return value;
        }

        return read(_password) is "-" ? Ask(flags, environment) : read(_password);
    }
}
