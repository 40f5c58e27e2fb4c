using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Starling.Broker.Ports;
using Starling.Hosting.Settings;

namespace Starling.Hosting;

/// <summary>Runs a broker inside a .NET host.</summary>
public static class StarlingServiceCollectionExtensions
{
    /// <summary>
    /// Adds a broker that starts and stops with the host. An <see cref="IAuthenticator"/>, <see cref="IEnhancedAuthenticator"/>,
    /// <see cref="IAuthorizer"/> or <see cref="IDurableStore"/> among the services is used.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="options">What the broker is told; wrong options fail the start of the host.</param>
    public static IServiceCollection AddStarling(this IServiceCollection services, StarlingOptions options) =>
        services.AddSingleton<IHostedService>(provider => new StarlingHostedService(options, new StarlingServices
        {
            LoggerFactory = provider.GetService<ILoggerFactory>(),
            Authenticator = provider.GetService<IAuthenticator>(),
            EnhancedAuthenticator = provider.GetService<IEnhancedAuthenticator>(),
            Authorizer = provider.GetService<IAuthorizer>(),
            Store = provider.GetService<IDurableStore>(),
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
        })
        {
            Host = provider.GetService<IHostApplicationLifetime>(),
        });

    /// <summary>
    /// Adds a broker that is told what a section of the configuration says, by the keys of <see cref="SettingTable"/>. Where a value is
    /// a list with commas, the section may have an array.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="section">The section, by custom named Starling.</param>
    /// <exception cref="StarlingStartException">A key is unknown, or a value is not allowed.</exception>
    public static IServiceCollection AddStarling(this IServiceCollection services, IConfiguration section) =>
        services.AddStarling(ReadAll(new StarlingOptions(), "", section));

    private static StarlingOptions ReadAll(StarlingOptions options, string prefix, IConfiguration parent) =>
        parent.GetChildren().Aggregate(options, (read, section) => Read(read, prefix + section.Key, section));

    private static StarlingOptions Read(StarlingOptions options, string key, IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        bool isArray = children.Length > 0 && children.All(static child => child.Key.All(char.IsAsciiDigit));
        string? value = isArray ? string.Join(',', children.Select(static child => child.Value)) : section.Value;
        if (value is not null && !SettingTable.TrySet(options, key, value, out options, out string? error))
        {
            throw new StarlingStartException(StartFailure.Configuration, error);
        }

        return isArray ? options : ReadAll(options, key + ConfigurationPath.KeyDelimiter, section);
    }
}
