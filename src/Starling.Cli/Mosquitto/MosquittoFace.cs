using System.Globalization;

namespace Starling.Cli.Mosquitto;

/// <summary>
/// Starling called by the name of one of mosquitto's tools: it takes their flags, sends their packets, prints what they print and ends
/// with their exit codes, those of version 2.0.11.
/// </summary>
internal static class MosquittoFace
{
    private const string MosquittoVersion = "2.0.11";
    private const int Failed = 1;
    private const long PayloadBytesMax = 268_435_455;

    private static readonly (string Name, MosquittoTool Tool)[] Tools =
    [
        ("mosquitto_pub", MosquittoTool.Pub), ("mosquitto_sub", MosquittoTool.Sub), ("mosquitto_rr", MosquittoTool.Rr),
        ("mosquitto_passwd", MosquittoTool.Passwd),
    ];

    /// <summary>Which tool a program with this name or path is to be; None for Starling itself.</summary>
    public static MosquittoTool Find(string program)
    {
        string name = Path.GetFileName(program);
        name = name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return Tools.FirstOrDefault(known => known.Name == name).Tool;
    }

    public static string NameOf(MosquittoTool tool) => Tools.First(known => known.Tool == tool).Name;

    /// <summary>Runs a tool.</summary>
    public static async Task<int> RunAsync(MosquittoTool tool, string[] args, CommandEnvironment environment)
    {
        if (tool == MosquittoTool.Passwd)
        {
            return MosquittoPasswd.Run(args, environment);
        }

        MosquittoCommandLine line = new(tool, environment);
        if (line.Read(args) is not { } settings)
        {
            return Refuse(tool, line, environment);
        }

        if (settings.Tool == MosquittoTool.Pub && (settings.Topic is null || settings.Source == MosquittoSource.None))
        {
            environment.Error.Write("Error: Both topic and message must be supplied.\n");
            environment.WriteText(MosquittoHelp.Create(tool));
            return Failed;
        }

        if (Explain(settings) is { } wrong)
        {
            environment.Error.Write(wrong);
            return Failed;
        }

        MosquittoOutput output = new(settings, environment);
        byte[]? payload = await ReadPayloadAsync(settings, environment).ConfigureAwait(false);
        if (payload is null || !IsConnectable(settings, output))
        {
            return Failed;
        }

        MosquittoPeer peer = new(settings, output, environment.TimeProvider);
        await using (peer.ConfigureAwait(false))
        {
            return await RunAsync(settings, peer, payload, output, environment).ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(
        MosquittoSettings settings, MosquittoPeer peer, byte[] payload, MosquittoOutput output, CommandEnvironment environment)
    {
        MosquittoRun run = settings.Tool switch
        {
            MosquittoTool.Pub => new PublishRun(settings, peer, output, payload) { Input = environment.Input },
            MosquittoTool.Sub => new SubscribeRun(settings, peer, output, new Random(environment.NewSeed())),
            _ => new RequestRun(settings, peer, output, payload),
        };
        if (settings.TimeoutSeconds > 0)
        {
            _ = peer.TellLaterAsync(PeerEventKind.Timeout, TimeSpan.FromSeconds(settings.TimeoutSeconds));
        }

        using CancellationTokenRegistration interruption = environment.Interrupted.Register(() => _ = peer.TellAsync(PeerEventKind.Interrupted, []));
        MosquittoError end;
        try
        {
            end = await peer.RunAsync(run).ConfigureAwait(false);
        }
        catch (MosquittoConnectException fault)
        {
            output.Complain(fault.Line);
            return fault.IsBegun ? (int)fault.Error : Failed;
        }

        bool isTimedOut = run is SubscribeRun { IsTimedOut: true } or RequestRun { IsTimedOut: true };
        if (isTimedOut)
        {
            output.Complain("Timed out\n");
            return (int)MosquittoError.Timeout;
        }

        if (end is not (MosquittoError.Success or MosquittoError.NeverAccepted))
        {
            output.Complain($"Error: {MosquittoWords.Of(end)}\n");
        }

        bool isKilled = environment.Interrupted.IsCancellationRequested && run is not SubscribeRun;
        return run.Refusal != 0 ? run.Refusal : isKilled ? ExitCode.Interrupted : (int)end;
    }

    private static int Refuse(MosquittoTool tool, MosquittoCommandLine line, CommandEnvironment environment)
    {
        switch (line.Request)
        {
            case MosquittoRequest.Help:
                environment.WriteText(MosquittoHelp.Create(tool));
                break;
            case MosquittoRequest.Version:
                environment.WriteText($"{NameOf(tool)} version {MosquittoVersion} running on libmosquitto {MosquittoVersion}.");
                break;
            default:
                environment.Error.Write($"{line.Error}{Usage(tool)}");
                break;
        }

        return Failed;
    }

    private static string Usage(MosquittoTool tool) => $"\nUse '{NameOf(tool)} --help' to see usage.\n";

    // What is wrong with flags that are right one by one.
    private static string? Explain(MosquittoSettings settings)
    {
        switch (settings.Tool)
        {
            case MosquittoTool.Sub when settings is { IsFreshOnly: true, IsRetainedOnly: true }:
                return "\nError: Combining '-R' and '--retained-only' makes no sense.\n";
            case MosquittoTool.Rr when settings.Topic is null || settings.Source == MosquittoSource.None || settings.ResponseTopic is null:
                return "Error: All of topic, message, and response topic must be supplied.\n" + Usage(settings.Tool);
            case MosquittoTool.Rr:
                settings.Properties.AddText("publish", Protocol.Packets.PropertyId.ResponseTopic, settings.ResponseTopic);
                return settings.Properties.Check() is null ? null : "Error in PUBLISH properties: Duplicate response topic.\n";
            default:
                return null;
        }
    }

    private static bool IsConnectable(MosquittoSettings settings, MosquittoOutput output)
    {
        settings.Identifier = settings.IdentifierPrefix is { } prefix
            ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{Environment.ProcessId}")
            : settings.Identifier;
        string? wrong = settings.Identifier?.Length == 0
            ? settings.Tool == MosquittoTool.Pub ? "Error: Invalid id.\n" : "Error: Invalid id and/or clean_session.\n"
            : settings is { Password: not null, UserName: null } && settings.Version != Protocol.MqttVersion.V5
                ? "Error: Problem setting username and/or password.\n"
                : MosquittoTlsStream.Check(settings.Tls);
        output.Complain(wrong ?? "");
        return wrong is null;
    }

    private static async Task<byte[]?> ReadPayloadAsync(MosquittoSettings settings, CommandEnvironment environment)
    {
        switch (settings.Source)
        {
            case MosquittoSource.Text:
                return System.Text.Encoding.UTF8.GetBytes(settings.Text);
            case MosquittoSource.Input:
                using (MemoryStream content = new())
                {
                    await environment.Input.CopyToAsync(content, environment.Interrupted).ConfigureAwait(false);
                    environment.Error.Write(content.Length > 0 || settings.IsQuiet ? "" : "Error: Zero length input.\nError loading input from stdin.\n");
                    return content.Length > 0 ? content.ToArray() : null;
                }

            case MosquittoSource.File:
                return ReadFile(settings, environment);
            default:
                return [];
        }
    }

    private static byte[]? ReadFile(MosquittoSettings settings, CommandEnvironment environment)
    {
        string path = settings.Text;
        string why = $"Error: Unable to open file \"{path}\".\n";
        try
        {
            if (!Directory.Exists(path) && new FileInfo(path) is { Exists: true, Length: <= PayloadBytesMax })
            {
                return File.ReadAllBytes(path);
            }

            why = Directory.Exists(path) || File.Exists(path) ? "Error: File must be less than 268435455 bytes.\n\n" : why;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // As mosquitto, which does not say why either.
            why = $"Error: Unable to open file \"{path}\".\n";
        }

        environment.Error.Write(settings.IsQuiet ? "" : $"{why}Error loading input file \"{path}\".\n");
        return null;
    }
}
