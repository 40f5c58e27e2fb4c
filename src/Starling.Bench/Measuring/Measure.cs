namespace Starling.Bench.Measuring;

/// <summary>The times that a run takes.</summary>
internal enum Measure
{
    /// <summary>From when a message was to be sent to its arrival; of <c>rr</c>, to the arrival of the answer.</summary>
    Delivery,

    /// <summary>From when a message was to be sent to the end of its exchange with the server: PUBACK or PUBCOMP.</summary>
    Acknowledgement,

    /// <summary>From when a connection was to be opened to CONNACK.</summary>
    Connect,

    /// <summary>From CONNECT to CONNACK.</summary>
    ConnAck,

    /// <summary>From when a cycle of <c>churn</c> was to begin to its end.</summary>
    Cycle,

    /// <summary>How much later than intended the generator itself sent a message that nothing held back.</summary>
    Lateness,
}
