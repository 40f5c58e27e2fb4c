using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The messages on their way to one client: those that wait, and those that have begun and are not over.</summary>
internal sealed class OutboundWindow(ScriptedSession session)
{
    private readonly LinkedList<Delivery> _begun = new();
    private readonly Dictionary<int, LinkedListNode<Delivery>> _byIdentifier = [];
    private readonly Queue<Delivery> _again = new();
    private readonly LinkedList<Delivery> _waiting = new();
    private int _identifier;
    private int _open;

    /// <summary>Deliveries that are not over, in order.</summary>
    public IEnumerable<Delivery> All => _begun.Concat(_waiting);

    /// <summary>Whether nothing more can begin.</summary>
    public bool IsFull => !HasRoom;

    private ScriptedConnection? Connection => session.Connection;

    private ScriptedServer Server => session.Server;

    private bool HasRoom =>
        Connection is { Request: { } request } && _byIdentifier.Count < ushort.MaxValue && _open < PlacesFor(request);

    public void Add(Delivery delivery)
    {
        if (delivery.Qos > 0)
        {
            _waiting.AddLast(delivery);
            Pump();
        }
        else if (Connection is { } connection)
        {
            MessageSender.TrySend(connection, delivery, false);
        }
    }

    /// <summary>The connection is over.</summary>
    public void OnClosed()
    {
        if (Server.Has(Fault.WaitingLostAtDisconnect))
        {
            _waiting.Clear();
        }
    }

    /// <summary>A connection continues the session: what had begun comes first, as it was.</summary>
    public void Resume()
    {
        _open = 0;
        _again.Clear();
        List<Delivery> begun = [.. _begun];
        if (Server.Has(Fault.RedeliveryReversed))
        {
            begun.Reverse();
        }

        foreach (Delivery delivery in begun)
        {
            delivery.IsOpen = false;
            if (IsDroppedOnResume(delivery))
            {
                Remove(delivery);
            }
            else
            {
                _again.Enqueue(delivery);
            }
        }

        if (Server.Has(Fault.RedeliveryAfterNew))
        {
            Begin();
        }

        Pump();
    }

    public void OnPubAck(int identifier, ReasonCode reason)
    {
        if (!Server.Has(Fault.PubAckIgnored) && Find(identifier) is { Qos: 1 } delivery)
        {
            bool isKept = reason >= ReasonCode.UnspecifiedError && Server.Has(Fault.RejectedDeliveryRepeated);
            Close(delivery, !isKept);
            PassOnRejected(delivery, reason);
            Pump();
        }
    }

    public void OnPubRec(int identifier, ReasonCode reason)
    {
        if (Find(identifier) is not { Qos: 2 } delivery)
        {
            OnUnknownPubRec(identifier);
            return;
        }

        if (reason >= ReasonCode.UnspecifiedError && !Server.Has(Fault.PubRelAfterRejection))
        {
            Close(delivery, !Server.Has(Fault.RejectedDeliveryRepeated));
            PassOnRejected(delivery, reason);
        }
        else if (Server.Has(Fault.BegunDeliveryExpires) && delivery.Message.IsExpired(Server.Clock.Now))
        {
            Close(delivery);
        }
        else
        {
            delivery.IsReleased = true;
            if (Server.Has(Fault.WindowFreedByPubRec) && delivery.IsOpen)
            {
                delivery.IsOpen = false;
                _open--;
            }

            SendPubRel(delivery);
        }

        Pump();
    }

    public void OnPubComp(int identifier)
    {
        if (Find(identifier) is { IsReleased: true } delivery)
        {
            Close(delivery);
            Pump();
        }
    }

    /// <summary>Sends what there is room for.</summary>
    public void Pump()
    {
        while (_again.TryPeek(out Delivery? delivery))
        {
            if (!HasRoom && !delivery.IsReleased)
            {
                return;
            }

            _again.Dequeue();
            Repeat(delivery);
        }

        Begin();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _begun.Clear();
        _byIdentifier.Clear();
        _waiting.Clear();
        _again.Clear();
        _open = 0;
    }

    private int PlacesFor(ConnectRequest request) => Server.Fault switch
    {
        Fault.WindowOneTooSmall => request.ReceiveMaximum - 1,
        Fault.ReceiveMaximumOfClientIgnored => int.MaxValue,
        _ => request.ReceiveMaximum,
    };

    private void Begin()
    {
        while (_waiting.First is { } first && HasRoom && Connection is { } connection)
        {
            LinkedListNode<Delivery> node = Server.Has(Fault.WaitingSwapped) && _waiting.Count > 2 ? first.Next ?? first : first;
            Delivery delivery = node.Value;
            _waiting.Remove(node);
            bool isOver = delivery.IsRetained ? !Server.Has(Fault.RetainedExpiryIgnored) : !Server.Has(Fault.QueuedExpiryIgnored);
            if (delivery.Message.IsExpired(Server.Clock.Now) && isOver)
            {
                continue;
            }

            delivery.Identifier = NextIdentifier();
            if (!MessageSender.TrySend(connection, delivery, false))
            {
                _open += Server.Has(Fault.OversizeLeaksSlot) ? 1 : 0;
                continue;
            }

            if (delivery.Qos > 0)
            {
                delivery.IsOpen = true;
                _open++;
                _byIdentifier[delivery.Identifier] = _begun.AddLast(delivery);
                if (Server.Has(Fault.RedeliveryWithoutReconnect))
                {
                    Server.Clock.ScheduleSeconds(1, () => RepeatOnTime(connection, delivery));
                }
            }
        }
    }

    private void Repeat(Delivery delivery)
    {
        if (Connection is not { } connection || Find(delivery.Identifier) != delivery)
        {
            return;
        }

        if (delivery.IsReleased && !Server.Has(Fault.PublishRepeatedAfterPubRec))
        {
            delivery.IsOpen = true;
            _open++;
            if (!Server.Has(Fault.PubRelNotRepeated))
            {
                SendPubRel(delivery);
            }

            return;
        }

        if (Server.Has(Fault.RedeliveryWithNewIdentifier))
        {
            LinkedListNode<Delivery> node = _byIdentifier[delivery.Identifier];
            int identifier = NextIdentifier();
            _byIdentifier.Remove(delivery.Identifier);
            delivery.Identifier = identifier;
            _byIdentifier[identifier] = node;
        }

        if (MessageSender.TrySend(connection, delivery, true))
        {
            delivery.IsRepeated = true;
            delivery.IsOpen = true;
            _open++;
        }
        else
        {
            Remove(delivery);
        }
    }

    private void RepeatOnTime(ScriptedConnection connection, Delivery delivery)
    {
        if (Connection == connection && Find(delivery.Identifier) == delivery && !delivery.IsReleased)
        {
            MessageSender.TrySend(connection, delivery, true);
        }
    }

    private void SendPubRel(Delivery delivery)
    {
        if (Server.Has(Fault.PubRelUnsentAfterResume) && delivery.IsRepeated)
        {
            return;
        }

        Delivery oldest = _begun.FirstOrDefault(other => other.Qos == 2, delivery);
        int identifier = Server.Has(Fault.PubRelIdentifierOfOldest) ? oldest.Identifier : delivery.Identifier;
        Connection?.Replies.Acknowledge(PacketType.PubRel, identifier, ReasonCode.Success);
    }

    private void OnUnknownPubRec(int identifier)
    {
        if (Connection is not { } connection)
        {
            return;
        }

        if (Server.Has(Fault.UnknownPubRecEndsConnection))
        {
            throw new RefusalException(ReasonCode.ProtocolError);
        }

        bool isFine = !connection.IsV5 || Server.Has(Fault.UnknownPubRecAnsweredWithSuccess);
        connection.Replies.Acknowledge(PacketType.PubRel, identifier, isFine ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    private bool IsDroppedOnResume(Delivery delivery) => Server.Fault switch
    {
        Fault.RedeliveryMissing => true,
        Fault.BegunDeliveryExpires => delivery.Message.IsExpired(Server.Clock.Now),
        _ => false,
    };

    private void PassOnRejected(Delivery delivery, ReasonCode reason)
    {
        if (reason >= ReasonCode.UnspecifiedError && Server.Has(Fault.RejectedShareGoesToOther))
        {
            Server.PassOn(delivery, session);
        }
    }

    private int NextIdentifier()
    {
        switch (Server.Fault)
        {
            case Fault.IdentifierAlwaysOne:
                return 1;
            case Fault.IdentifierZeroSent:
                return _identifier++;
            default:
                do
                {
                    _identifier = (_identifier % ushort.MaxValue) + 1;
                }
                while (_byIdentifier.ContainsKey(_identifier) && !Server.Has(Fault.OpenIdentifierTakenAgain));
                return _identifier;
        }
    }

    private Delivery? Find(int identifier) => _byIdentifier.TryGetValue(identifier, out LinkedListNode<Delivery>? node) ? node.Value : null;

    private void Close(Delivery delivery, bool isOver = true)
    {
        if (delivery.IsOpen)
        {
            delivery.IsOpen = false;
            _open--;
        }

        if (isOver)
        {
            Remove(delivery);
        }
    }

    private void Remove(Delivery delivery)
    {
        if (_byIdentifier.Remove(delivery.Identifier, out LinkedListNode<Delivery>? node))
        {
            _begun.Remove(node);
        }
    }
}
