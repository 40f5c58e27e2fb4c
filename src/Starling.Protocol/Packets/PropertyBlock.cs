namespace Starling.Protocol.Packets;

/// <summary>Work on whole property blocks.</summary>
public static class PropertyBlock
{
    private const ulong HopByHop =
        1UL << (int)PropertyId.MessageExpiryInterval | 1UL << (int)PropertyId.SubscriptionIdentifier
        | 1UL << (int)PropertyId.WillDelayInterval | 1UL << (int)PropertyId.TopicAlias;

    /// <summary>
    /// Copies what travels with a message from one connection to the next: all entries in their order [MQTT-3.3.2-18] but Message Expiry
    /// Interval, Subscription Identifier, Will Delay Interval and Topic Alias.
    /// </summary>
    /// <param name="block">The valid property block of a PUBLISH or a Will, without its length.</param>
    /// <param name="destination">At least as long as <paramref name="block"/>.</param>
    /// <returns>The bytes written.</returns>
    public static int CopyForwarded(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        int written = 0;
        PropertyReader reader = new(block);
        ReadOnlySpan<byte> rest = block;
        while (reader.TryRead(out PropertyEntry entry))
        {
            ReadOnlySpan<byte> bytes = rest[..(rest.Length - reader.Rest.Length)];
            rest = reader.Rest;
            if ((HopByHop & (1UL << (int)entry.Id)) == 0)
            {
                bytes.CopyTo(destination[written..]);
                written += bytes.Length;
            }
        }

        return written;
    }
}
