using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Starling.Client.Tests.Telemetry;

/// <summary>Listens to the metrics and spans of one client: those of other tests have another meter factory and other topics.</summary>
internal sealed class Listening : IMeterFactory
{
    private readonly Lock _gate = new();
    private readonly Meter _meter = new("Starling.Client");
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly List<Measured> _measured = [];
    private readonly List<Activity> _spans = [];

    /// <param name="spansOf">Spans of this topic are kept; null: nobody listens to spans.</param>
    public Listening(string? spansOf)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => spansOf is not null && source.Name == "Starling.Client",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_gate)
                {
                    if (activity.GetTagItem("messaging.destination.name") as string == spansOf)
                    {
                        _spans.Add(activity);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public Activity[] Spans
    {
        get
        {
            lock (_gate)
            {
                return [.. _spans];
            }
        }
    }

    public Meter Create(MeterOptions options) => options.Name == "Starling.Client" ? _meter : throw new ArgumentException("another meter", nameof(options));

    /// <summary>What an instrument measured; gauges are asked now.</summary>
    public Measured[] Of(string name)
    {
        _meters.RecordObservableInstruments();
        lock (_gate)
        {
            return [.. _measured.Where(measured => measured.Name == name)];
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
        _meter.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            _measured.Add(new Measured(instrument.Name, instrument.Unit, value, tags.ToArray().ToDictionary()));
        }
    }
}
