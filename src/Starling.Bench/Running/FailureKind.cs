namespace Starling.Bench.Running;

/// <summary>Why a run ended early.</summary>
internal enum FailureKind
{
    /// <summary>The server cannot be reached.</summary>
    CannotConnect,

    /// <summary>What is there does not answer as a server of MQTT.</summary>
    NotMqtt,

    /// <summary>CONNACK refused the connection.</summary>
    Refused,

    /// <summary>A connection ended that should have stayed.</summary>
    Lost,

    /// <summary>SUBACK refused a subscription.</summary>
    SubscribeRefused,

    /// <summary>A message was refused, by the server or because of what it had said in CONNACK.</summary>
    PublishRefused,

    /// <summary>Nothing happened any more.</summary>
    Stalled,
}
