namespace Starling.Cli;

/// <summary>The name by which this process was called.</summary>
internal static class ProgramName
{
    private const string CommandLineOfSelf = "/proc/self/cmdline";

    /// <summary>As the caller wrote it. The runtime tells only the file that runs, not the link that named it.</summary>
    public static string Read()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                string words = File.ReadAllText(CommandLineOfSelf);
                int end = words.IndexOf('\0', StringComparison.Ordinal);
                return end < 0 ? words : words[..end];
            }
            catch (IOException)
            {
                return FromRuntime();
            }
        }

        return FromRuntime();
    }

    private static string FromRuntime() => Environment.GetCommandLineArgs()[0];
}
