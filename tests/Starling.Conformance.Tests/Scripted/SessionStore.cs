using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The sessions by Client Identifier.</summary>
internal sealed class SessionStore(ScriptedServer server)
{
    private readonly Dictionary<string, ScriptedSession> _sessions = [];

    /// <summary>All of them, as they are now.</summary>
    public IReadOnlyList<ScriptedSession> All => [.. _sessions.Values];

    /// <summary>The session that an accepted CONNECT begins or continues.</summary>
    public ScriptedSession Take(ScriptedConnection connection, ConnectRequest request, out bool isPresent)
    {
        ScriptedSession? session = Find(request.ClientIdentifier);
        if (session?.Connection is { } other)
        {
            TakeOver(session, other, request);
            session = Find(request.ClientIdentifier);
        }

        bool isClean = request.CleanStart && !server.Has(Fault.CleanStartIgnored);
        if (session is not null && isClean)
        {
            session.End(isCleanStart: true);
            session = null;
        }

        isPresent = server.Fault switch
        {
            Fault.SessionWithoutSubscriptionsUntold => session?.Subscriptions.Count > 0,
            Fault.SessionPresentAtCleanStart => session is not null || request.CleanStart,
            Fault.SessionPresentAlways => session is not null || !request.CleanStart,
            _ => session is not null,
        };
        if (session is null)
        {
            session = new ScriptedSession(server, request.ClientIdentifier);
            _sessions[request.ClientIdentifier] = session;
        }

        session.Attach(connection, request);
        return session;
    }

    public void Remove(ScriptedSession session)
    {
        if (_sessions.TryGetValue(session.ClientIdentifier, out ScriptedSession? current) && current == session)
        {
            _sessions.Remove(session.ClientIdentifier);
        }
    }

    private void TakeOver(ScriptedSession session, ScriptedConnection other, ConnectRequest request)
    {
        switch (server.Fault)
        {
            case Fault.TakeoverKeepsOld:
                return;
            case Fault.TakeoverDropsWill:
                session.Will = null;
                break;
            case Fault.TakeoverPublishesDelayedWill when !request.CleanStart:
                session.PublishWill();
                session.Will = null;
                break;
            default:
                break;
        }

        if (server.Has(Fault.TakeoverUnexplained))
        {
            other.Close();
        }
        else
        {
            other.Fail(ReasonCode.SessionTakenOver);
        }
    }

    private ScriptedSession? Find(string clientIdentifier) => _sessions.GetValueOrDefault(clientIdentifier);
}
