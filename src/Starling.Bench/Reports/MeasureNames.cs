using Starling.Bench.Measuring;

namespace Starling.Bench.Reports;

/// <summary>The words for what is timed.</summary>
internal static class MeasureNames
{
    public static string Of(Measure measure) => measure switch
    {
        Measure.Delivery => "delivery",
        Measure.Acknowledgement => "acknowledgement",
        Measure.Connect => "connect",
        Measure.ConnAck => "connack",
        Measure.Cycle => "cycle",
        _ => "lateness",
    };
}
