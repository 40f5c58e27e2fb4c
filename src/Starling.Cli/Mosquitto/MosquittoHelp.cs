using System.Text;

namespace Starling.Cli.Mosquitto;

/// <summary>What --help prints: the flags, and where each is explained.</summary>
internal static class MosquittoHelp
{
    public static string Create(MosquittoTool tool)
    {
        string name = MosquittoFace.NameOf(tool);
        string command = name["mosquitto_".Length..];
        StringBuilder text = new();
        text.Append(name).Append(": Starling, called by this name, does what ").Append(name).AppendLine(" 2.0.11 does.");
        text.AppendLine();
        text.Append("Usage: ").Append(name).AppendLine(" FLAGS");
        text.AppendLine();
        foreach (MosquittoFlag flag in MosquittoFlags.All)
        {
            if (flag.Tools.HasFlag(tool))
            {
                string alias = flag.Alias == flag.Name ? "" : $", {flag.Alias}";
                text.Append(' ').Append(flag.Name).Append(alias).AppendLine(flag.Lacking is null ? "" : " VALUE");
            }
        }

        text.AppendLine(" -D, --property COMMAND NAME VALUE [VALUE]");
        text.AppendLine(" --help");
        text.AppendLine(" --version");
        text.AppendLine();
        text.Append("starling ").Append(command).Append(" --help says what each flag means.");
        return text.ToString();
    }
}
