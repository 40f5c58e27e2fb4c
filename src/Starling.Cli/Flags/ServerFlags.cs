using System.CommandLine;
using System.Text;

namespace Starling.Cli.Flags;

/// <summary>The flags that name a server and a user, with the names and defaults of mosquitto.</summary>
/// <param name="url">The flag for the URL.</param>
/// <param name="urlForm">What the URL may be, which is not the same in every command.</param>
internal sealed class ServerFlags(Option<string> url, string urlForm)
{
    private readonly Option<string> _host = FlagKinds.Value("--host", "HOST", "The server. Default localhost.", "-h");
    private readonly Option<string> _port = FlagKinds.Value("--port", "PORT", "Its port. Default 1883.", "-p");
    private readonly Option<string> _url = url;
    private readonly Option<string> _userName = FlagKinds.Value("--username", "NAME", "User name. Default $STARLING_USERNAME.", "-u");
    private readonly Option<string> _password = FlagKinds.Value(
        "--pw", "PASSWORD", "Password; others can see it in ps, so - asks for it. Default $STARLING_PASSWORD.", "-P");
    private readonly Option<string> _passwordFile = FlagKinds.Value(
        "--password-file", "FILE", "Read the password from the first line of a file.");
    private readonly Option<string> _passwordEnvironment = FlagKinds.Value(
        "--password-env", "NAME", "Read the password from this environment variable.");

    public void AddTo(Command command)
    {
        foreach (Option flag in (ReadOnlySpan<Option>)[_host, _port, _url, _userName, _password, _passwordFile, _passwordEnvironment])
        {
            command.Add(flag);
        }
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    public ServerSettings Read(FlagReader flags, CommandEnvironment environment)
    {
        ServerUrl parts = ReadUrl(flags, environment);
        string? userName = flags.Text(_userName) ?? parts.UserName ?? environment.Variable("STARLING_USERNAME");
        string? password = ReadPassword(flags, environment) ?? parts.Password ?? environment.Variable("STARLING_PASSWORD");
        string host = flags.Text(_host) ?? parts.Host ?? "localhost";
        if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
        {
            flags.Refuse(
                $"-h {host} is not allowed: a host name or an IP address; the port goes to -p, a URL to -L. For example -h localhost.");
        }

        TextFlags.CheckLength(flags, "-u", userName);
        TextFlags.CheckLength(flags, "-P", password);
        return new ServerSettings
        {
            Host = host,
            Port = (int)flags.Number(_port, 1, ushort.MaxValue, parts.Port ?? ServerUrl.DefaultPort),
            UrlPath = parts.Path,
            IsWebSocket = parts.IsWebSocket,
            IsEncrypted = parts.IsEncrypted,
            IsPortChosen = flags.Has(_port) || parts.Port is not null,
            UserName = userName,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
        };
    }

    private ServerUrl ReadUrl(FlagReader flags, CommandEnvironment environment)
    {
        string? text = flags.Text(_url);
        string source = "-L";
        if (text is null && !flags.Has(_host) && !flags.Has(_port))
        {
            text = environment.Variable("STARLING_URL");
            source = "STARLING_URL";
        }

        return text is null ? new ServerUrl() : ServerUrl.Read(flags, source, text, urlForm);
    }

    private static string? Ask(CommandEnvironment environment)
    {
        environment.Error.Write("Password: ");
        string? password = environment.Secrets.Read();
        environment.Error.WriteLine();
        return password;
    }

    private string? ReadPassword(FlagReader flags, CommandEnvironment environment)
    {
        if (flags.Text(_passwordFile) is string path)
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

        if (flags.Text(_passwordEnvironment) is string name)
        {
            string? value = environment.Variable(name);
            if (value is null)
            {
                flags.Refuse($"--password-env {name}: there is no such environment variable.");
            }

            return value;
        }

        return flags.Text(_password) == "-" ? Ask(environment) : flags.Text(_password);
    }
}
