namespace Starling.Hosting.Settings;

/// <summary>The words of one setting.</summary>
internal sealed record SettingText(string Key, string Example, string Description);
