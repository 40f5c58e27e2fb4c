namespace Starling.Conformance.Tests.Scripted;

/// <summary>The last retained message of each topic.</summary>
internal sealed class RetainedMessages(ScriptedServer server)
{
    private readonly Dictionary<string, ScriptedMessage> _messages = [];

    /// <summary>Stores a message, or takes one away, as its flag and its payload say.</summary>
    public void OnMessage(ScriptedMessage message)
    {
        bool isRetained = message.Retain || server.Has(Fault.PlainMessageRetained);
        if (!isRetained)
        {
            if (server.Has(Fault.PlainMessageClearsRetained))
            {
                _messages.Remove(message.Topic);
            }

            return;
        }

        if (message.Payload.Length == 0 && !server.Has(Fault.EmptyMessageRetained))
        {
            if (!server.Has(Fault.EmptyMessageClearsNothing))
            {
                _messages.Remove(message.Topic);
            }

            return;
        }

        if (!server.Has(Fault.RetainedNotReplaced) || !_messages.ContainsKey(message.Topic))
        {
            _messages[message.Topic] = message;
        }
    }

    public void Forget(string publisher)
    {
        foreach (ScriptedMessage message in _messages.Values.Where(message => message.Publisher == publisher).ToArray())
        {
            _messages.Remove(message.Topic);
        }
    }

    /// <summary>Sends what a subscription asks for when it is made.</summary>
    public void SendTo(ScriptedSession session, ScriptedSubscription subscription, bool isNew)
    {
        bool isWanted = subscription.RetainHandling switch
        {
            0 => isNew || !server.Has(Fault.RetainHandling0OnlyNew),
            1 => isNew || server.Has(Fault.RetainHandling1Always),
            _ => server.Has(Fault.RetainHandling2Sends),
        };
        if (!isWanted || (subscription.Share is not null && !server.Has(Fault.RetainedSentToShare)))
        {
            return;
        }

        ScriptedMessage[] matching = [.. _messages.Values.Where(message => subscription.IsMatch(message.Topic, server.Fault))];
        foreach (ScriptedMessage message in server.Has(Fault.RetainedOnlyOne) ? matching.Take(1) : matching)
        {
            if (message.IsExpired(server.Clock.Now) && !server.Has(Fault.RetainedExpiryIgnored))
            {
                continue;
            }

            bool isFlagged = server.Fault switch
            {
                Fault.RetainedWithoutFlag => false,
                Fault.RetainedFlagAsPublished => subscription.RetainAsPublished,
                _ => true,
            };
            bool isNumbered = subscription.Identifier > 0 && !server.Has(Fault.RetainedWithoutSubscriptionIdentifier);
            int[] identifiers = isNumbered ? [subscription.Identifier] : [];
            int qos = server.Has(Fault.RetainedAtQos0) ? 0 : Math.Min(message.Qos, subscription.Qos);
            session.Window.Add(new Delivery(message, qos, isFlagged, identifiers) { IsRetained = true });
        }
    }
}
