namespace Starling.Protocol.Connections;

/// <summary>Open messages in an order, linked through themselves: adding and removing cost no memory and no search.</summary>
internal sealed class OpenMessages
{
    private OutgoingMessage? _last;

    public OutgoingMessage? First { get; private set; }

    public int Count { get; private set; }

    public void Append(OutgoingMessage message)
    {
        message.Previous = _last;
        if (_last is { } last)
        {
            last.Next = message;
        }
        else
        {
            First = message;
        }

        _last = message;
        Count++;
    }

    public void Remove(OutgoingMessage message)
    {
        if (message.Previous is { } previous)
        {
            previous.Next = message.Next;
        }
        else
        {
            First = message.Next;
        }

        if (message.Next is { } next)
        {
            next.Previous = message.Previous;
        }
        else
        {
            _last = message.Previous;
        }

        message.Previous = null;
        message.Next = null;
        Count--;
    }
}
