using System.Globalization;
using Starling.Hosting;

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
        output.WriteLine($"  data        {options.DataDirectory ?? "no directory"}; durability {Durable(options.Durability)}");
        output.WriteLine(string.Create(
            invariant,
            $"  limits      memory {Size(options.EffectiveMemoryBudgetBytes)}, packet {Size(options.Broker.PacketBytesMax)}, "
            + $"queue of a session {options.Broker.SessionQueueMessagesMax} messages or {Size(options.Broker.SessionQueueBytesMax)}"));
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

    private static string Durable(Durability durability) => durability switch
    {
        Durability.Fsync => "fsync",
        Durability.Os => "os",
        _ => "memory: nothing survives a restart",
    };

    private static string Size(long bytes)
    {
        double size = bytes;
        string unit = "B";
        foreach (string larger in (string[])["KiB", "MiB", "GiB", "TiB"])
        {
            if (size < 1024)
            {
                break;
            }

            size /= 1024;
            unit = larger;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {unit}");
    }
}
