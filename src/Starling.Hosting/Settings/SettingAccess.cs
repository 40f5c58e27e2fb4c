namespace Starling.Hosting.Settings;

/// <summary>How one setting is read from the options and put into them.</summary>
internal sealed record SettingAccess<T>(Func<StarlingOptions, T> Get, Func<StarlingOptions, T, StarlingOptions> With);
