using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The messages on their way to one client: those that wait, and those that have begun and are not over.</summary>
internal sealed class OutboundWindow(ScriptedSession session)
{
    private readonly LinkedList<Delivery> _begun = new();
    private readonly Dictionary<int, LinkedListNode<Delivery>> _byIdentifier = [];
    private readonly Queue<Delivery> _again = new();
    private readonly Queue<Delivery> _waiting = new();
    private Delivery? _held;
    private int _identifier;
    private int _open;

    /// <summary>Deliveries that are not over, in order.</summary>
    public IEnumerable<Delivery> All => _begun.Concat(_waiting);

    private ScriptedConnection? Connection => session.Connection;

    private ScriptedServer Server => session.Server;

    private bool HasRoom => Connection is { Request: { } request }
        && _byIdentifier.Count < ushort.MaxValue
        && (_open < request.ReceiveMaximum - (Server.Has(Fault.WindowOneTooSmall) ? 1 : 0) || Server.Has(Fault.ReceiveMaximumOfClientIgnored));

    public void Add(Delivery delivery)
    {
        if (!Server.Has(Fault.DeliveriesSwapped))
        {
            Put(delivery);
        }
        else if (_held is { } held)
        {
            _held = null;
            Put(delivery);
            Put(held);
        }
        else
        {
            _held = delivery;
            Server.Clock.ScheduleSeconds(0.005, PutHeld);
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

    private void PutHeld()
    {
        if (_held is { } held)
        {
            _held = null;
            Put(held);
        }
    }

    private void Put(Delivery delivery)
    {
        bool isHeldUp = Server.Has(Fault.FullWindowHoldsUpOthers) && !HasRoom;
        if (delivery.Qos > 0 || isHeldUp)
        {
            _waiting.Enqueue(delivery);
            Pump();
        }
        else if (Connection is { } connection)
        {
            MessageSender.TrySend(connection, delivery, false);
        }
    }

    private void Begin()
    {
        while (_waiting.Count > 0 && HasRoom && Connection is { } connection)
        {
            Delivery delivery = _waiting.Dequeue();
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
        if (!Server.Has(Fault.PubRelUnsent))
        {
            Connection?.Replies.Acknowledge(PacketType.PubRel, delivery.Identifier, ReasonCode.Success);
        }
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
        if (Server.Has(Fault.IdentifierZeroSent))
        {
            return 0;
        }

        do
        {
            _identifier = Server.Has(Fault.IdentifierAlwaysOne) ? 1 : (_identifier % ushort.MaxValue) + 1;
        }
        while (_byIdentifier.ContainsKey(_identifier) && !Server.Has(Fault.IdentifierAlwaysOne) && !Server.Has(Fault.OpenIdentifierTakenAgain));
        return _identifier;
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
