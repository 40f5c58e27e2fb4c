using Starling.Protocol;

namespace Starling.Broker.Routing;

/// <summary>The retained message of a topic. Never changed once it is stored: any thread may keep and read it.</summary>
internal sealed class RetainedMessage
{
    /// <summary>Stands for an expiry that never comes.</summary>
    public const long NeverExpires = long.MaxValue;

    // The object and its arrays, beside their content.
    private const int OverheadBytes = 192;

    public required byte[] Topic { get; init; }

    /// <summary>The property block that is forwarded, in the form of 5.0.</summary>
    public byte[] Properties { get; init; } = [];

    /// <summary>At least one byte: for an empty payload the caller deletes instead.</summary>
    public required byte[] Payload { get; init; }

    public QualityOfService Qos { get; init; }

    public long ExpiresAtUtcMilliseconds { get; init; } = NeverExpires;

    /// <summary>The number of the session that published it, for No Local.</summary>
    public ulong Publisher { get; init; }

    /// <summary>Its place in the order of all retained changes of the process; given when it is stored, under the lock of its topic.</summary>
    public ulong Revision { get; private set; }

    /// <summary>Memory that it takes, in bytes.</summary>
    public long SizeBytes => OverheadBytes + Topic.Length + Properties.Length + Payload.Length;

    /// <summary>Where it was stored; null before.</summary>
    public RetainedNode? Node { get; private set; }

    public bool IsExpired(long utcMilliseconds) => utcMilliseconds >= ExpiresAtUtcMilliseconds;

    /// <summary>Called once, by the tree, before anybody else can see the message.</summary>
    public void Place(RetainedNode node, ulong revision)
    {
        Node = node;
        Revision = revision;
    }
}
