namespace Starling.Protocol.Topics;

/// <summary>The rules for Topic Names, given as UTF-8 that has been checked already.</summary>
public static class TopicName
{
    /// <summary>
    /// Whether the name has 1 to 65535 bytes [MQTT-4.7.3-1] [MQTT-4.7.3-3] [MQTT311-4.7.3-1] [MQTT311-4.7.3-3] and no wildcards
    /// [MQTT-4.7.0-1] [MQTT311-4.7.1-1].
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= ushort.MaxValue && !HasWildcards(name);

    /// <summary>The number of levels; empty ones count, so "/a" has two.</summary>
    public static int CountLevels(ReadOnlySpan<byte> name) => name.Count((byte)'/') + 1;

    internal static bool HasWildcards(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)'+', (byte)'#') >= 0;
}
