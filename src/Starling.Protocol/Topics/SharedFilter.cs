namespace Starling.Protocol.Topics;

/// <summary>The Topic Filter of a Shared Subscription: $share/ShareName/filter.</summary>
public static class SharedFilter
{
    private static ReadOnlySpan<byte> Prefix => "$share/"u8;

    /// <summary>Whether the filter asks for a Shared Subscription, well formed or not [MQTT-4.8.2-1].</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(Prefix);

    /// <summary>
    /// Takes a shared filter apart. False when it is ill-formed: the ShareName has at least one character [MQTT-4.8.2-1] and no
    /// wildcard, and a slash and a valid filter follow it [MQTT-4.8.2-2].
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> filter, out ReadOnlySpan<byte> shareName, out ReadOnlySpan<byte> sharedFilter)
    {
        shareName = default;
        sharedFilter = default;
        if (!IsShared(filter) || filter.Length > ushort.MaxValue)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = filter[Prefix.Length..];
        int slash = rest.IndexOf((byte)'/');
        if (slash <= 0 || TopicName.HasWildcards(rest[..slash]) || !TopicFilter.IsValid(rest[(slash + 1)..]))
        {
            return false;
        }

        shareName = rest[..slash];
        sharedFilter = rest[(slash + 1)..];
        return true;
    }
}
