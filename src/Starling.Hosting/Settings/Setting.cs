namespace Starling.Hosting.Settings;

/// <summary>One key of the configuration: what it is called, what it may be, and how it is read from and put into the options.</summary>
public sealed class Setting
{
    private readonly Func<StarlingOptions, string> _format;
    private readonly Func<StarlingOptions, string, StarlingOptions?> _apply;

    internal Setting(
        SettingText text, string allowed, Func<StarlingOptions, string> format, Func<StarlingOptions, string, StarlingOptions?> apply)
    {
        Key = text.Key;
        Allowed = allowed;
        Example = text.Example;
        Description = text.Description;
        _format = format;
        _apply = apply;
    }

    /// <summary>Section and name, as in <c>Limits:ReceiveMaximum</c>; letter case does not matter.</summary>
    public string Key { get; }

    /// <summary>What values are allowed, in words.</summary>
    public string Allowed { get; }

    /// <summary>An allowed value.</summary>
    public string Example { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Description { get; }

    /// <summary>The value in <paramref name="options"/>, in the form that <see cref="SettingTable.TrySet"/> reads.</summary>
    public string Format(StarlingOptions options) => _format(options);

    /// <summary>The options with this value, or null when the value is not allowed.</summary>
    internal StarlingOptions? Apply(StarlingOptions options, string value) => _apply(options, value);
}
