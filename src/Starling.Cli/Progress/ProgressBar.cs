namespace Starling.Cli.Progress;

/// <summary>A bar of letters.</summary>
internal static class ProgressBar
{
    private const int Columns = 20;

    /// <summary>The bar of a share; empty when the whole is not known.</summary>
    public static string Of(long done, long total)
    {
        int filled = total <= 0 ? 0 : (int)(Columns * ((double)Math.Clamp(done, 0, total) / total));
        return $"[{new string('#', filled)}{new string('.', Columns - filled)}]";
    }
}
