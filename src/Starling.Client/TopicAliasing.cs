namespace Starling.Client;

/// <summary>Whether Topic Aliases stand for topics in what the client sends. 5.0 only.</summary>
public enum TopicAliasing
{
    /// <summary>For topics that are published to again, as many as the server takes (at most 64 for QoS 0 and 64 for the others), the latest used.</summary>
    Automatic,

    /// <summary>Never.</summary>
    None,
}
