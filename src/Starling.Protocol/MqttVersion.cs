namespace Starling.Protocol;

/// <summary>A version of MQTT; the number is the Protocol Level (3.x) or Protocol Version (5.0) byte of CONNECT.</summary>
public enum MqttVersion : byte
{
    /// <summary>No version is known yet: no CONNECT has been read.</summary>
    None = 0,

    /// <summary>MQTT 3.1, protocol name MQIsdp.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
