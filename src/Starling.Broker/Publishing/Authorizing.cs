using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker.Publishing;

/// <summary>
/// Asks the authorizer. When it answers later, the connection is suspended at the packet, the answer is kept, and the packet is given again:
/// a SUBSCRIBE asks once for each filter, so the answers stand in a list.
/// </summary>
internal sealed class Authorizing(Shard shard)
{
    /// <summary>False: the answer comes later; nothing of the packet may be done yet.</summary>
    public bool TryDecide(
        BrokerConnection connection, AuthorizationAction action, ReadOnlySpan<byte> topic, int question, out bool isAllowed)
    {
        isAllowed = true;
        if (shard.Engine.Ports.Authorizer is not { } authorizer || connection.Session is not { } session)
        {
            return true;
        }

        if (connection.Decisions is { } decisions && question < decisions.Count)
        {
            isAllowed = decisions[question];
            if (action == AuthorizationAction.Publish)
            {
                decisions.Clear();
            }

            return true;
        }

        AuthorizationRequest request = new()
        {
            Action = action,
            ClientIdentifier = session.ClientIdentifier,
            UserName = session.UserName,
            Topic = topic,
        };
        if (authorizer.TryAuthorize(request, new ConnectionCompletion<bool>(connection, Decided), out isAllowed))
        {
            if (action == AuthorizationAction.Subscribe)
            {
                (connection.Decisions ??= []).Add(isAllowed);
            }

            return true;
        }

        connection.Pause(PauseReason.Authorizing);
        return false;
    }

    /// <summary>Does something if the session's client may publish to a topic, and else the other; later if the answer comes later.</summary>
    public void WhenAllowed(Session session, ReadOnlySpan<byte> topic, Action allowed, Action? refused = null)
    {
        if (Incoming.IsReserved(topic))
        {
            Finish(false, allowed, refused);
            return;
        }

        if (shard.Engine.Ports.Authorizer is not { } authorizer)
        {
            allowed();
            return;
        }

        AuthorizationRequest request = new()
        {
            Action = AuthorizationAction.Publish,
            ClientIdentifier = session.ClientIdentifier,
            UserName = session.UserName,
            Topic = topic,
        };
        ShardCompletion<bool> completion = new(shard, isAllowed => Finish(isAllowed, allowed, refused));
        if (authorizer.TryAuthorize(request, completion, out bool isAllowedNow))
        {
            Finish(isAllowedNow, allowed, refused);
        }
    }

    private void Finish(bool isAllowed, Action allowed, Action? refused)
    {
        if (isAllowed)
        {
            allowed();
        }
        else
        {
            shard.Counters.Drop(DropReason.NotAuthorized);
            refused?.Invoke();
        }
    }

    private static void Decided(BrokerConnection connection, bool isAllowed)
    {
        (connection.Decisions ??= []).Add(isAllowed);
        connection.Resume(PauseReason.Authorizing);
    }
}
