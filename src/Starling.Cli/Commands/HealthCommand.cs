using System.CommandLine;
using System.Globalization;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary><c>starling health</c>: whether a broker is ready, for container platforms, service managers and scripts.</summary>
internal sealed class HealthCommand : ICommand
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    private readonly ConnectionFlags _connection = new();
    private readonly Option<string> _timeout = FlagKinds.Value("--timeout", "TIME", "Give up after so long, as in 500ms or 2s. Default 5s.");

    public HealthCommand()
    {
        Syntax = new FlagSet { _timeout };
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling health",
        "starling health -h broker -p 1884 --timeout 2s",
        "starling health --context home --quiet",
    ];

    public IReadOnlyDictionary<string, string> Unsupported => ConnectionFlags.Unsupported;

    public string HelpEnd =>
        """
        Ready is a broker that answers CONNECT with CONNACK and takes the client; the connection is closed at once. The Client Identifier is
        a random one unless -i is given here, so that no client of a context is disturbed.
        Exit code: 0; 4 when nothing answers in time, 5 when the connection is refused, 11 when the user name or password is.
        """;

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _connection.Read(flags, environment);
        TimeSpan timeout = flags.Time(_timeout, LongestTimeout, UsualTimeout);
        if (timeout == TimeSpan.Zero)
        {
            flags.Refuse("--timeout 0 is not allowed: a time such as 500ms or 2s. For example --timeout 5s.");
        }

        if (flags.Error is string error)
        {
            return environment.RefuseUsage(error);
        }

        bool hasOwnIdentifier = Syntax.Options.Any(option => option.Name == ConnectionFlags.IdentifierFlag && flags.IsGiven(option));
        connection = connection with
        {
            ClientIdentifier = hasOwnIdentifier ? connection.ClientIdentifier : null,
            CleanStart = true,
            SessionExpirySeconds = 0,
            Will = null,
        };
        MqttClientOptions options = ClientSetup.CreateOptions(connection, new PropertySettings());
        options.ConnectTimeout = timeout;
        options.TimeProvider = environment.TimeProvider;
        options.Reconnect.Enabled = false;
        return await ConnectAsync(options, connection, environment).ConfigureAwait(false);
    }

    private static async Task<int> ConnectAsync(MqttClientOptions options, ConnectionSettings connection, CommandEnvironment environment)
    {
        long begun = environment.TimeProvider.GetTimestamp();
        MqttClient client = new(options);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                ServerInfo server = await client.ConnectAsync(environment.Interrupted).ConfigureAwait(false);
                TimeSpan took = environment.TimeProvider.GetElapsedTime(begun);
                await client.DisconnectAsync(ct: environment.Interrupted).ConfigureAwait(false);
                if (!connection.IsQuiet)
                {
                    environment.WriteText(string.Create(
                        CultureInfo.InvariantCulture, $"{FailureReport.NameOf(connection)} is ready: MQTT {server.Version}, answered in {took.TotalMilliseconds:0.0} ms."));
                }

                return ExitCode.Ok;
            }
            catch (MqttException e)
            {
                return FailureReport.Write(e, connection, environment);
            }
            catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        }
    }
}
