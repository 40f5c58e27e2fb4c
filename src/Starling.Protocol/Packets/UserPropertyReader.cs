namespace Starling.Protocol.Packets;

/// <summary>Reads the User Properties of a block, in order; properties of other kinds are skipped.</summary>
/// <param name="properties">UserProperties of a packet, or the whole property block of a PUBLISH or a Will.</param>
public ref struct UserPropertyReader(ReadOnlySpan<byte> properties)
{
    private PropertyReader _reader = new(properties);

    /// <summary>Reads one User Property; false at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (_reader.TryRead(out PropertyEntry entry))
        {
            if (entry.Id == PropertyId.UserProperty)
            {
                name = entry.Name;
                value = entry.Value;
                return true;
            }
        }

        name = default;
        value = default;
        return false;
    }
}
