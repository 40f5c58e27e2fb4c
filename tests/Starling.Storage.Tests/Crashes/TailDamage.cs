namespace Starling.Storage.Tests.Crashes;

/// <summary>What a power cut may do to bytes that were not synced.</summary>
internal enum TailDamage
{
    None,
    Zeroed,
    Noise,
    Flipped,
    Cut,
}
