using Starling.Protocol;

namespace Starling.Bench.Reports;

/// <summary>The words for the versions.</summary>
internal static class VersionNames
{
    public static string Of(MqttVersion version) => version switch
    {
        MqttVersion.V5 => "5.0",
        MqttVersion.V311 => "3.1.1",
        _ => "3.1",
    };
}
