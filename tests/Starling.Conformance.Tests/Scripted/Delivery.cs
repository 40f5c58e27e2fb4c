namespace Starling.Conformance.Tests.Scripted;

/// <summary>A message on its way to one session.</summary>
/// <param name="Message">The message.</param>
/// <param name="Qos">As it is delivered.</param>
/// <param name="Retain">As it is delivered.</param>
/// <param name="SubscriptionIdentifiers">Of the subscriptions it is delivered for.</param>
internal sealed record Delivery(ScriptedMessage Message, int Qos, bool Retain, IReadOnlyList<int> SubscriptionIdentifiers)
{
    /// <summary>The share that it was given out of; null for an ordinary subscription.</summary>
    public string? Share { get; init; }

    /// <summary>Whether it comes from the retained messages.</summary>
    public bool IsRetained { get; init; }

    /// <summary>0 until it has begun.</summary>
    public int Identifier { get; set; }

    /// <summary>Whether PUBREC has come.</summary>
    public bool IsReleased { get; set; }

    /// <summary>Whether it was sent again.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>Whether it takes a place in the window of the connection.</summary>
    public bool IsOpen { get; set; }
}
