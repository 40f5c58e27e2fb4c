using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Starling.Client.Hosting;

/// <summary>What was said about one client of a host, and how its handlers do.</summary>
internal sealed class HostedClientParts
{
    private volatile Exception? _handlerFault;

    /// <summary>The options to begin with.</summary>
    public required Func<IServiceProvider, MqttClientOptions> Begin { get; init; }

    /// <summary>Has the last word about the options.</summary>
    public required Action<MqttClientOptions>? Configure { get; init; }

    public List<IMqttSerializer> Serializers { get; } = [];

    public List<IHostedHandler> Handlers { get; } = [];

    /// <summary>Whether the host waits for the first connection.</summary>
    public bool FailsFast { get; private set; }

    /// <summary>Why a handler gets no messages any more; null while all do.</summary>
    public Exception? HandlerFault
    {
        get => _handlerFault;
        set => _handlerFault = value;
    }

    public MqttClient CreateClient(IServiceProvider provider)
    {
        MqttClientOptions options = Begin(provider);
        options.InitialConnect = InitialConnect.RetryForever;
        options.LoggerFactory = provider.GetService<ILoggerFactory>();
        options.MeterFactory = provider.GetService<IMeterFactory>();
        options.TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        Serializers.ForEach(options.Serializers.Add);
        Configure?.Invoke(options);
        FailsFast = options.InitialConnect == InitialConnect.FailFast;
        return new MqttClient(options);
    }
}
