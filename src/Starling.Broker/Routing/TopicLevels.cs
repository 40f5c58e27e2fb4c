namespace Starling.Broker.Routing;

/// <summary>Splits a Topic Name or Topic Filter at its slashes. "a//" has three levels, the last two empty.</summary>
internal ref struct TopicLevels(ReadOnlySpan<byte> topic)
{
    private ReadOnlySpan<byte> _rest = topic;
    private bool _isAtEnd;

    public ReadOnlySpan<byte> Current { get; private set; }

    public static ReadOnlySpan<byte> First(ReadOnlySpan<byte> topic)
    {
        int slash = topic.IndexOf((byte)'/');
        return slash < 0 ? topic : topic[..slash];
    }

    public bool MoveNext()
    {
        if (_isAtEnd)
        {
            return false;
        }

        int slash = _rest.IndexOf((byte)'/');
        _isAtEnd = slash < 0;
        Current = _isAtEnd ? _rest : _rest[..slash];
        _rest = _isAtEnd ? default : _rest[(slash + 1)..];
        return true;
    }
}
