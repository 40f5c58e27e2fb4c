using System.Text.Json;
using Starling.Cli.Commands;

namespace Starling.Cli.Contexts;

/// <summary>The file of contexts, which is its owner's alone: it may hold passwords.</summary>
internal static class ContextFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where it is; null where the surroundings name no home.</summary>
    public static string? PathIn(CommandEnvironment environment)
    {
        string? folder = environment.Variable(VariableNames.ConfigHome) is string shared && Path.IsPathFullyQualified(shared) ? shared
            : OperatingSystem.IsWindows() && environment.Variable(VariableNames.WindowsConfig) is { Length: > 0 } roaming ? roaming
            : environment.Variable(VariableNames.Home) is string home && Path.IsPathFullyQualified(home) ? Path.Join(home, ".config")
            : null;
        return folder is null ? null : Path.Join(folder, "starling", "contexts.json");
    }

    /// <summary>What the file holds; nothing when there is none. Says so when others may read it.</summary>
    /// <exception cref="ContextException">It cannot be read, or holds something else.</exception>
    public static ContextSet Read(CommandEnvironment environment)
    {
        if (PathIn(environment) is not string path)
        {
            return ContextSet.Empty;
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
            WarnWhenOpen(path, environment);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return ContextSet.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContextException($"the contexts in {path} cannot be read: {e.Message} Make it readable for you, or remove it.");
        }

        return new ContextParser(path, bytes).Parse();
    }

    /// <summary>Puts these in its place, at once and as a whole.</summary>
    /// <exception cref="ContextException">It cannot be written; what was there before still is.</exception>
    public static void Write(ContextSet contexts, CommandEnvironment environment)
    {
        string path = PathIn(environment)
            ?? throw new ContextException($"there is no place for contexts here, since neither {VariableNames.ConfigHome} nor {VariableNames.Home} is set.");
        try
        {
            string folder = Path.GetDirectoryName(path) ?? path;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }

            ReportFile.WriteThrough(path, stream => Write(contexts, stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContextException($"the contexts in {path} cannot be written: {e.Message}");
        }
    }

    private static void Write(ContextSet contexts, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber(ContextParser.VersionKey, ContextParser.Version);
        json.WriteString(ContextParser.CurrentKey, contexts.Current);
        json.WriteStartObject(ContextParser.ContextsKey);
        foreach (SavedContext context in contexts.Contexts)
        {
            json.WriteStartObject(context.Name);
            foreach ((string flag, string? value) in context.Flags)
            {
                if (value is null)
                {
                    json.WriteBoolean(flag, true);
                }
                else
                {
                    json.WriteString(flag, value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WarnWhenOpen(string path, CommandEnvironment environment)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            environment.Error.WriteLine($"starling: warning: others may read or write {path}, which can hold passwords. Run: chmod 600 {path}");
        }
    }
}
