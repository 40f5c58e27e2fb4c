using Starling.Fuzz.Targets;

namespace Starling.Fuzz.Fuzzing;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new ServerStreamTarget(), new ClientStreamTarget(), new BrokerStreamTarget(), new ClientMachineTarget(), new ServerMachineTarget(),
        new ShardTarget(),
    ];

    public static string Names => string.Join(", ", All.Select(target => target.Name));

    /// <summary>The target with this name; null when there is none.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
