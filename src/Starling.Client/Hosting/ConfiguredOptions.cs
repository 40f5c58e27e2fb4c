using System.Text;
using Microsoft.Extensions.Configuration;

namespace Starling.Client.Hosting;

/// <summary>
/// Reads options from the configuration by making an address of it: so a connection string, a section and an address in code have the same
/// keys and the same errors.
/// </summary>
internal static class ConfiguredOptions
{
    /// <exception cref="InvalidOperationException">There is no address, or it or a key is wrong; the message names the place.</exception>
    public static MqttClientOptions Read(IConfiguration configuration, string name)
    {
        IConfigurationSection section = configuration.GetSection(name);
        string address = configuration.GetConnectionString(name) ?? section["Uri"]
            ?? throw new InvalidOperationException($"There is no address of an MQTT server: set ConnectionStrings:{name} or {name}:Uri, for example to mqtt://localhost:1883.");
        StringBuilder uri = new(address);
        char separator = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (IsAny(entry, "Uri", "UserName", "Password"))
            {
                continue;
            }

            if (entry.Value is not { } value)
            {
                throw new InvalidOperationException($"{entry.Path} is a section; the keys of an MQTT client have plain values.");
            }

            // Configuration writes ClientId for what addresses call clientId.
            uri.Append(separator).Append(char.ToLowerInvariant(entry.Key[0])).Append(entry.Key.AsSpan(1)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        MqttClientOptions options = Parse(uri.ToString(), name);
        if (section["UserName"] is { } user)
        {
            options.Credentials = new MqttPassword(user, section["Password"]);
        }

        return options;
    }

    private static MqttClientOptions Parse(string uri, string name)
    {
        try
        {
            return MqttClientOptions.Parse(uri);
        }
        catch (FormatException fault)
        {
            throw new InvalidOperationException($"ConnectionStrings:{name}, or the section {name}, is wrong: {fault.Message}", fault);
        }
    }

    private static bool IsAny(IConfigurationSection entry, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
