namespace Starling.Broker.Ports;

/// <summary>What an <see cref="IAuthorizer"/> is asked about.</summary>
public enum AuthorizationAction : byte
{
    /// <summary>A PUBLISH, or the Will of a CONNECT.</summary>
    Publish,

    /// <summary>One filter of a SUBSCRIBE.</summary>
    Subscribe,
}
