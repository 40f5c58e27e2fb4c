namespace Starling.Hosting;

/// <summary>The directory that a backup is written to.</summary>
internal static class BackupTarget
{
    /// <summary>Removes what was written to a directory that had been empty or absent.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="wasThere">Whether the directory was there before, and stays.</param>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static void Clear(string path, bool wasThere)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        if (!wasThere)
        {
            Directory.Delete(path, recursive: true);
            return;
        }

        foreach (string folder in Directory.GetDirectories(path))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (string file in Directory.GetFiles(path))
        {
            File.Delete(file);
        }
    }
}
