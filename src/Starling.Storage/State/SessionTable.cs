namespace Starling.Storage.State;

/// <summary>The persistent sessions by number.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<ulong, SessionState> _byNumber = [];

    public SlotList<SessionState> Slots { get; } = new();

    public int Count => _byNumber.Count;

    public SessionState? Find(ulong number) => _byNumber.TryGetValue(number, out SessionState? session) ? session : null;

    public void Add(SessionState session)
    {
        session.Slot = Slots.Add(session);
        _byNumber[session.Number] = session;
    }

    public void Remove(SessionState session)
    {
        _byNumber.Remove(session.Number);
        Slots.Remove(session.Slot);
    }
}
