using System.Globalization;

namespace Starling.Crash.Serving;

/// <summary>What the broker process is told; each property is an argument, written as <c>--name value</c>.</summary>
internal sealed record BrokerArguments
{
    public FileLayer Layer { get; init; }

    public string DataDirectory { get; init; } = "";

    public int Loops { get; init; } = 2;

    public int Port { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Milliseconds that each sync takes longer.</summary>
    public int SyncDelay { get; init; }

    /// <summary>Milliseconds after the start in which a client that comes back still cancels its will.</summary>
    public int WillGrace { get; init; } = 500;

    /// <summary>Segments and checkpoints as small as they may be, so that all that happens to them happens often.</summary>
    public bool IsTiny { get; init; } = true;

    public IReadOnlyList<string> ToArguments() =>
    [
        "--broker",
        "--layer", $"{Layer}",
        "--data", DataDirectory,
        "--loops", Text(Loops),
        "--port", Text(Port),
        "--seed", Text(Seed),
        "--sync-delay", Text(SyncDelay),
        "--will-grace", Text(WillGrace),
        "--tiny", $"{IsTiny}",
    ];

    /// <summary>Null: one of them is not known, or has no such value.</summary>
    public static BrokerArguments? Read(ReadOnlySpan<string> args)
    {
        BrokerArguments? read = new();
        for (int i = 0; i < args.Length && read is not null; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            read = (args[i], isNumber) switch
            {
                ("--layer", false) when Enum.TryParse(value, ignoreCase: true, out FileLayer layer) => read with { Layer = layer },
                ("--data", _) => read with { DataDirectory = value },
                ("--tiny", false) when bool.TryParse(value, out bool isTiny) => read with { IsTiny = isTiny },
                ("--loops", true) => read with { Loops = number },
                ("--port", true) => read with { Port = number },
                ("--seed", true) => read with { Seed = number },
                ("--sync-delay", true) => read with { SyncDelay = number },
                ("--will-grace", true) => read with { WillGrace = number },
                _ => null,
            };
        }

        return read;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
