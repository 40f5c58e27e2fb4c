using Starling.Transports;

namespace Starling.Hosting.Settings;

/// <summary>Where the broker listens, on what it runs, and what it keeps.</summary>
internal static class ServerSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        new Setting(
            new("Listeners", "tcp://127.0.0.1:1883,tcp://[::1]:1883", "Where the broker listens."),
            "tcp://ADDRESS:PORT, several with commas between them; ADDRESS is an IP address, localhost, or * for all",
            o => string.Join(',', o.Listeners),
            ApplyListeners),
        SettingKinds.Choice<AnonymousAccess>(
            new("AllowAnonymous", "local", "Where a client may connect that names no user: local is loopback addresses only."),
            [("local", AnonymousAccess.Local), ("true", AnonymousAccess.Everywhere), ("false", AnonymousAccess.Nowhere)],
            new(o => o.AllowAnonymous, (o, v) => o with { AllowAnonymous = v })),
        SettingKinds.Number(
            new("Loops", "4", "Event loops, one thread each; auto: one for each processor."),
            new(1, LoopsMax, "auto"),
            new(o => o.Loops, (o, v) => o with { Loops = (int?)v })),
        SettingKinds.Choice<LoopKind>(
            new("LoopKind", "automatic", "Which event loop: epoll is Linux only, portable runs everywhere."),
            [("automatic", LoopKind.Automatic), ("epoll", LoopKind.Epoll), ("portable", LoopKind.Portable)],
            new(o => o.LoopKind, (o, v) => o with { LoopKind = v })),
        SettingKinds.Number(
            new("Seed", "1", "Starts the broker's randomness, so that a run can be repeated; auto: another one at each start."),
            new(int.MinValue, int.MaxValue, "auto"),
            new(o => o.Seed, (o, v) => o with { Seed = (int?)v })),
    ];

    // Sessions are spread over 256 partitions, so more loops would have none.
    private const int LoopsMax = 256;

    private static StarlingOptions? ApplyListeners(StarlingOptions options, string text)
    {
        List<ListenerAddress> listeners = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!ListenerAddress.TryParse(part, ListenerAddress.DefaultPort, out IReadOnlyList<ListenerAddress>? parsed))
            {
                return null;
            }

            listeners.AddRange(parsed);
        }

        return options with { Listeners = listeners };
    }
}
