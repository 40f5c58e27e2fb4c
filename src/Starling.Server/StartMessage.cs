using System.Globalization;
using Starling.Hosting;
using Starling.Storage;

namespace Starling.Server;

/// <summary>What a broker says when it has started.</summary>
internal static class StartMessage
{
    public static void Write(TextWriter output, StarlingOptions options, StarlingBroker broker)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        string version = typeof(StartMessage).Assembly.GetName().Version?.ToString(3) ?? "";
        output.WriteLine(string.Create(invariant, $"Starling {version}, node {options.Broker.NodeId}, process {Environment.ProcessId}"));
        output.WriteLine($"  listeners   {string.Join("  ", broker.EndPoints.Select(e => $"tcp://{e}"))}");
        output.WriteLine($"  access      {Access(options.AllowAnonymous)}");
        output.WriteLine($"  data        {Data(options)}");
        if (broker.Recovery is StoreRecovery recovery)
        {
            // A retained message is one of the references.
            output.WriteLine(string.Create(
                invariant,
                $"  recovered   {recovery.Sessions} sessions, {recovery.LiveReferences - recovery.Retained} queued messages, {recovery.Retained} retained, "
                + $"in {recovery.Duration.TotalMilliseconds:0} ms"));
        }

        output.WriteLine(string.Create(
            invariant,
            $"  limits      memory {SizeWords.Of(options.EffectiveMemoryBudgetBytes)}, packet {SizeWords.Of(options.Broker.PacketBytesMax)}, "
            + $"queue of a session {options.Broker.SessionQueueMessagesMax} messages or {SizeWords.Of(options.Broker.SessionQueueBytesMax)}"));
        output.WriteLine(string.Create(invariant, $"  loops       {options.EffectiveLoops}, {broker.LoopKind.ToString().ToLowerInvariant()}"));
        output.Flush();
    }

    private static string Access(AnonymousAccess access) => access switch
    {
        AnonymousAccess.Local =>
            "anonymous, from this machine only; `--bind '*' --set AllowAnonymous=true` opens it to the network",
        AnonymousAccess.Everywhere => "anonymous: everybody who can reach a listener may publish and subscribe to everything",
        _ => "nobody without an authenticator",
    };

    private static string Data(StarlingOptions options) => options.Durability switch
    {
        Durability.Fsync => $"{FullPath(options)}; durability fsync",
        Durability.Os => $"{FullPath(options)}; durability os: survives a crash of the process, not of the machine",
        _ when options.DataDirectory is null => "durability memory: nothing survives a restart",
        _ => $"durability memory: nothing survives a restart, and {FullPath(options)} is not used",
    };

    private static string FullPath(StarlingOptions options) => options.DataDirectory is string path ? Path.GetFullPath(path) : "no directory";
}
