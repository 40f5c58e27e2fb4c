using System.Runtime.InteropServices;
using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Settings;

namespace Starling.Bench.Reports;

/// <summary>Turns a result into the form of the JSON file.</summary>
internal static class DocumentWriter
{
    /// <param name="result">The result.</param>
    /// <param name="server">The server as it was named.</param>
    /// <param name="failure">What ended the run early, for people; null for nothing.</param>
    public static BenchDocument Create(BenchResult result, string server, string? failure) => new()
    {
        Schema = BenchDocument.CurrentSchema,
        Tool = $"starling {typeof(DocumentWriter).Assembly.GetName().Version?.ToString(3)}",
        Begun = result.Begun,
        Scenario = ScenarioNames.Of(result.Settings.Scenario),
        Valid = result.IsValid,
        InvalidReasons = result.Invalid,
        Broken = result.Broken,
        Failure = failure,
        Interrupted = result.IsInterrupted,
        Settings = Create(result.Settings, server),
        Environment = new EnvironmentPart(
            Environment.ProcessorCount,
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture.ToString(),
            RuntimeInformation.FrameworkDescription),
        Server = result.Server is { } limits
            ? new ServerPart(
                VersionNames.Of(limits.Version),
                limits.ReceiveMaximum,
                limits.MaximumPacketBytes == uint.MaxValue ? null : limits.MaximumPacketBytes,
                (int)limits.MaximumQos,
                limits.KeepAliveSeconds)
            : null,
        Messages = new MessagesPart(
            result.Totals.Sent,
            result.Totals.Acknowledged,
            result.Expected,
            result.Totals.Delivered,
            result.Lost,
            result.Totals.Duplicates,
            result.Totals.Reordered,
            result.Totals.Foreign),
        Sections = [.. result.Sections.Select(Create)],
        LatencyMicroseconds = result.Times.ToDictionary(time => MeasureNames.Of(time.Key), time => Create(time.Value)),
        BytesPerConnection = result.BytesPerConnection,
    };

    public static LatencyPart Create(LatencyHistogram times) => new(
        times.Count,
        times.Mean / BenchClock.PerMicrosecond,
        At(times, 0.5),
        At(times, 0.9),
        At(times, 0.99),
        At(times, 0.999),
        At(times, 0.9999),
        times.Largest / BenchClock.PerMicrosecond);

    private static double At(LatencyHistogram times, double share) => times.ValueAt(share) / BenchClock.PerMicrosecond;

    private static SettingsPart Create(BenchSettings settings, string server) => new()
    {
        Server = server,
        Mqtt = VersionNames.Of(settings.Version),
        Clients = settings.Clients,
        Publishers = settings.Publishers,
        Subscribers = settings.Subscribers,
        Messages = settings.Messages,
        Size = settings.Sizes.Text,
        Rate = settings.Rate,
        DurationSeconds = settings.Duration.TotalSeconds,
        RampSeconds = settings.Ramp.TotalSeconds,
        WarmupSeconds = settings.WarmUp.TotalSeconds,
        Topics = settings.Topics.Text,
        Qos = (int)settings.Qos,
        Inflight = settings.InFlight,
        Window = settings.Window,
        Retain = settings.Retain,
        Concurrency = settings.Concurrency,
        GatherMicroseconds = settings.Gather.TotalMicroseconds,
        KeepAliveSeconds = settings.KeepAliveSeconds,
        Loops = settings.Loops,
    };

    private static SectionPart Create(Section section) => new()
    {
        Name = section.Name,
        Seconds = section.Seconds,
        Sent = section.Counts.Sent,
        Delivered = section.Counts.Delivered,
        Acknowledged = section.Counts.Acknowledged,
        Connected = section.Counts.Accepted,
        Cycles = section.Counts.Cycles,
        SentPerSecond = section.Counts.Sent > 0 ? section.SentPerSecond : null,
        DeliveredPerSecond = section.Counts.Delivered > 0 ? section.DeliveredPerSecond : null,
        ConnectedPerSecond = section.Counts.Accepted > 0 ? section.AcceptedPerSecond : null,
        CyclesPerSecond = section.Counts.Cycles > 0 ? section.CyclesPerSecond : null,
        BrokerMicrosecondsPerUnit = section.BrokerMicrosecondsPerUnit,
        BrokerCpuSeconds = section.BrokerCpu / (double)BenchClock.PerSecond,
        BrokerResidentBytesBefore = section.BrokerBefore?.ResidentBytes,
        BrokerResidentBytesAfter = section.BrokerAfter?.ResidentBytes,
        BrokerResidentBytesPeak = section.BrokerAfter?.PeakResidentBytes,
        GeneratorMicrosecondsPerUnit = section.GeneratorMicrosecondsPerUnit,
        GeneratorAllocatedBytesPerUnit = section.GeneratorAllocatedPerUnit,
        LoopShares = section.LoopShares,
    };
}
