namespace Faults;

/// <summary>A file of a <see cref="PowerCutDirectory"/>, whatever its name is.</summary>
/// <param name="place">Where it is on the disk now.</param>
internal sealed class PowerCutEntry(string place)
{
    public string Place { get; set; } = place;

    /// <summary>Its bytes while somebody has it open or it has bytes that are not synced.</summary>
    public PowerCutFile? File { get; set; }

    public int Openings { get; set; }

    public void CloseIfUnused(bool isRemoved)
    {
        if (Openings == 0 && File is { } file && (isRemoved || !file.HasUnsynced))
        {
            file.Close();
            File = null;
        }
    }
}
