namespace Starling.Conformance.Running;

/// <summary>Why a run could not be begun or finished.</summary>
internal enum SuiteAbortKind
{
    /// <summary>Nobody takes connections there.</summary>
    Unreachable,

    /// <summary>The server refuses a plain CONNECT, such as an anonymous one.</summary>
    Refused,

    /// <summary>The server does not speak the version; others may be tested.</summary>
    Unspoken,

    /// <summary>What answers there does not speak MQTT.</summary>
    NotMqtt,

    /// <summary>The server was there, and has gone while it was tested.</summary>
    Lost,
}
