using System.Diagnostics.CodeAnalysis;

namespace Starling.Hosting.Settings;

/// <summary>All keys of the configuration.</summary>
public static class SettingTable
{
    /// <summary>Every setting, sections together.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. ServerSettings.All, .. StorageSettings.All, .. LimitSettings.All, .. FeatureSettings.All];

    /// <summary>Puts one value into the options.</summary>
    /// <param name="options">The options so far; not changed.</param>
    /// <param name="key">A key of <see cref="All"/>, in any letter case.</param>
    /// <param name="value">The value as text.</param>
    /// <param name="changed">The options with the value; the options as they were when false is returned.</param>
    /// <param name="error">One line that names the key, what is allowed and a good value; null when true is returned.</param>
    public static bool TrySet(
        StarlingOptions options, string key, string value, out StarlingOptions changed, [NotNullWhen(false)] out string? error)
    {
        changed = options;
        Setting? setting = Find(key);
        if (setting is null)
        {
            string? nearest = NearestName.Of(key, All.Select(s => s.Key));
            error = nearest is null
                ? $"There is no setting {key}; `starling serve --help` names them all."
                : $"There is no setting {key}; did you mean {nearest}?";
            return false;
        }

        StarlingOptions? applied = setting.Apply(options, value.Trim());
        error = applied is null ? Refusal(setting, value) : null;
        changed = applied ?? options;
        return applied is not null;
    }

    /// <summary>The setting with this key, or null.</summary>
    public static Setting? Find(string key) => All.FirstOrDefault(s => s.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    internal static string Refusal(Setting setting, string value) =>
        $"{setting.Key}={value} is not allowed: {setting.Allowed}. For example {setting.Key}={setting.Example}.";
}
