using System.Globalization;

namespace Starling.Server;

/// <summary>Sizes for people, rounded.</summary>
public static class SizeWords
{
    /// <summary>Such as <c>1.5 MiB</c>.</summary>
    public static string Of(long bytes)
    {
        double size = bytes;
        string unit = "B";
        foreach (string larger in (ReadOnlySpan<string>)["KiB", "MiB", "GiB", "TiB"])
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
