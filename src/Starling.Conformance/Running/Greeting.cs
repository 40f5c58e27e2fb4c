using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>The first, plain CONNECT in a version: whether the target can be tested at all, and what it says of itself.</summary>
/// <param name="Server">What the server says of itself; null when it does not let us in.</param>
/// <param name="Abort">Why not; null when it does.</param>
internal sealed record Greeting(ServerProfile? Server, SuiteAbort? Abort)
{
    private const byte TlsAlert = 0x15;

    /// <summary>Whether the target closed the connection without a word, as something else than an MQTT server would too.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>Whether nobody takes connections there.</summary>
    public bool IsGone => Abort?.Kind == SuiteAbortKind.Unreachable;

    public static async Task<Greeting> ExchangeAsync(
        ITarget target, SuiteOptions options, MqttVersion version, CancellationToken cancellation)
    {
        SuiteContext context = new(target, options, version, new ServerProfile());
        CaseRun run = new(context, cancellation);
        await using (run.ConfigureAwait(false))
        {
            try
            {
                ConnectFields fields = run.NewConnect() with { ClientIdentifier = $"c{options.RunName}v{(int)version}g" };
                (WireClient client, WirePacket? answer) = await run.TryConnectAsync(fields).ConfigureAwait(false);
                Greeting greeting = Judge(target, version, answer);
                await client.SendAsync(PacketBytes.Disconnect).ConfigureAwait(false);
                return greeting;
            }
            catch (TargetLostException e)
            {
                return Failed(SuiteAbortKind.Unreachable, $"{e.Message}. Is the broker running, and is the port right?");
            }
            catch (CaseFailedException e)
            {
                return Failed(SuiteAbortKind.NotMqtt, $"{target.Name} does not answer CONNECT: {e.Message}. Is it an MQTT port without TLS?");
            }
        }
    }

    private static Greeting Judge(ITarget target, MqttVersion version, WirePacket? answer)
    {
        string name = NameOf(version);
        if (answer is null)
        {
            Greeting closed = Failed(SuiteAbortKind.Unspoken, $"{target.Name} closes the connection on a CONNECT of MQTT {name}");
            return closed with { IsSilent = true };
        }

        if (answer.Type != PacketType.ConnAck)
        {
            string what = answer.FirstByte == TlsAlert
                ? "a TLS alert: it is a TLS port, which is not supported yet"
                : $"{answer}: that is no MQTT server";
            return Failed(SuiteAbortKind.NotMqtt, $"{target.Name} answers CONNECT with {what}");
        }

        // Return code 1 of 3.x and 0x84 of 5.0 say that the version is not spoken; a server may use the form of another version.
        return answer.Reason switch
        {
            ReasonCode.Success => new Greeting(ServerProfile.Read(answer), null),
            (ReasonCode)1 or ReasonCode.UnsupportedProtocolVersion =>
                Failed(SuiteAbortKind.Unspoken, $"the server does not speak MQTT {name} (CONNACK {(int)answer.Reason:X2})"),
            _ => Failed(
                SuiteAbortKind.Refused,
                $"{target.Name} refuses the client with CONNACK 0x{(int)answer.Reason:X2} {NameOf(answer.Reason)}; "
                    + "give -u and -P of a user who may do everything"),
        };
    }

    /// <summary>The version as people write it.</summary>
    public static string NameOf(MqttVersion version) => version switch
    {
        MqttVersion.V31 => "3.1",
        MqttVersion.V311 => "3.1.1",
        _ => "5.0",
    };

    // Below 0x80 it is a return code of 3.x.
    private static string NameOf(ReasonCode code) => (int)code switch
    {
        2 => "identifier rejected",
        3 => "server unavailable",
        4 => "bad user name or password",
        5 => "not authorized",
        _ => code.ToString(),
    };

    private static Greeting Failed(SuiteAbortKind kind, string message) => new(null, new SuiteAbort(kind, message));
}
