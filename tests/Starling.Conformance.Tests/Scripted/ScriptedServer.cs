using System.Globalization;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>
/// A small server of our own that does everything right, and one thing wrong when it is told so: what it does wrong, the suite must
/// see. It shares nothing with the broker. One thread, in virtual time, in memory.
/// </summary>
internal sealed class ScriptedServer
{
    public const int ReceiveMaximum = 20;
    public const int TopicAliasMaximum = 10;
    public const int MaximumPacketSize = 1 << 20;

    private int _assigned;

    public ScriptedServer(Fault fault)
    {
        Fault = fault;
        Sessions = new SessionStore(this);
        Retained = new RetainedMessages(this);
        Routing = new Routing(this);
    }

    public Fault Fault { get; }

    public ScriptedClock Clock { get; } = new();

    public SessionStore Sessions { get; }

    public RetainedMessages Retained { get; }

    private Routing Routing { get; }

    public bool Has(Fault fault) => Fault == fault;

    public string NewIdentifier() => string.Create(CultureInfo.InvariantCulture, $"assigned{++_assigned}");

    /// <summary>Takes a message: to the retained ones, and to everybody who is subscribed.</summary>
    /// <returns>Whether anybody is.</returns>
    public bool Publish(ScriptedMessage message)
    {
        Retained.OnMessage(message);
        return Routing.Deliver(message);
    }

    /// <summary>Whether anybody is subscribed to the topic.</summary>
    public bool IsWanted(string topic) =>
        Sessions.All.Any(session => session.Subscriptions.Values.Any(subscription => subscription.IsMatch(topic, Fault)));

    /// <summary>Gives a message of a share to another member.</summary>
    public void PassOn(Delivery delivery, ScriptedSession from) => Routing.PassOn(delivery, from);
}
