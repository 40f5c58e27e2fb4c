namespace Starling.Storage.Checkpoints;

/// <summary>Flags of a session in a checkpoint.</summary>
internal static class CheckpointFormat
{
    public const byte Away = 0x01;
    public const byte UserName = 0x02;
    public const byte Will = 0x04;
}
