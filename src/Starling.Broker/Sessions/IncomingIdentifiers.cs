namespace Starling.Broker.Sessions;

/// <summary>
/// The Packet Identifiers of QoS 2 messages that a session has received and not yet released [MQTT-4.3.3-10], each with the log
/// sequence number that its PUBREC waits for.
/// </summary>
internal sealed class IncomingIdentifiers
{
    // Absent until the first QoS 2 message: most sessions never see one.
    private Dictionary<ushort, ulong>? _lsns;

    public int Count => _lsns?.Count ?? 0;

    /// <summary>False if it is there already: the PUBLISH came again, and the message is not taken twice.</summary>
    public bool TryAdd(ushort packetIdentifier, ulong lsn) => (_lsns ??= []).TryAdd(packetIdentifier, lsn);

    public bool Contains(ushort packetIdentifier, out ulong lsn)
    {
        lsn = 0;
        return _lsns is not null && _lsns.TryGetValue(packetIdentifier, out lsn);
    }

    /// <summary>The record of an identifier that is there was appended.</summary>
    public void SetLsn(ushort packetIdentifier, ulong lsn)
    {
        if (_lsns is not null && _lsns.ContainsKey(packetIdentifier))
        {
            _lsns[packetIdentifier] = lsn;
        }
    }

    /// <summary>PUBREL has arrived; false if the identifier is not there.</summary>
    public bool Remove(ushort packetIdentifier) => _lsns is not null && _lsns.Remove(packetIdentifier);

    public void Clear() => _lsns = null;
}
