namespace Starling.Protocol;

/// <summary>When a SUBSCRIBE brings retained messages (Subscription Options, bits 4 and 5).</summary>
public enum RetainHandling : byte
{
    /// <summary>At each subscribe [MQTT-3.3.1-9].</summary>
    SendAtSubscribe = 0,

    /// <summary>Only if the subscription is new [MQTT-3.3.1-10].</summary>
    SendIfNew = 1,

    /// <summary>Never at subscribe [MQTT-3.3.1-11].</summary>
    DoNotSend = 2,
}
