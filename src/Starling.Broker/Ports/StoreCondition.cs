namespace Starling.Broker.Ports;

/// <summary>How a store is.</summary>
public enum StoreCondition : byte
{
    /// <summary>It takes everything.</summary>
    Ready,

    /// <summary>The disk is nearly full: only what gives room is written.</summary>
    Full,

    /// <summary>A write or a sync has failed: nothing more is stored by this process.</summary>
    Failed,
}
