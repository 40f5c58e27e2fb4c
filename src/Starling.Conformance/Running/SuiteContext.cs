using System.Collections.Concurrent;
using Starling.Conformance.Inspection;
using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>What all cases of one version in one run share. Safe for cases that run side by side.</summary>
internal sealed class SuiteContext(ITarget target, SuiteOptions options, MqttVersion version, ServerProfile server)
{
    private readonly ConcurrentDictionary<string, ConnectFields> _sessions = new();
    private int _names;

    public ITarget Target { get; } = target;

    public SuiteOptions Options { get; } = options;

    public MqttVersion Version { get; } = version;

    public ServerProfile Server { get; } = server;

    public InspectionLog Inspections { get; } = new();

    /// <summary>Everything that this run publishes is below it, so that it can be cleared in the end.</summary>
    public string TopicRoot { get; } = $"conform/{options.RunName}/{(int)version}";

    /// <summary>Sessions that may outlive their connections.</summary>
    public IEnumerable<ConnectFields> Sessions => _sessions.Values;

    public int NextName() => Interlocked.Increment(ref _names);

    /// <summary>Remembers a session that may outlive its connection.</summary>
    public void NoteConnect(ConnectFields fields)
    {
        if (fields.ClientIdentifier.Length > 0 && (!fields.CleanStart || fields.Properties.Length > 0))
        {
            _sessions[fields.ClientIdentifier] = fields;
        }
    }
}
