namespace Starling.EndToEnd.Tests.Clients;

/// <summary>Makes clients, and the names and tables that the scenarios share.</summary>
internal static class ForeignClients
{
    public static readonly ForeignClient[] All = Enum.GetValues<ForeignClient>();

    public static readonly Level[] Levels = Enum.GetValues<Level>();

    public static IForeignClient Create(ForeignClient kind) => kind switch
    {
        ForeignClient.Mosquitto => new MosquittoClient(),
        ForeignClient.Paho => ScriptedClient.Paho(),
        ForeignClient.MqttJs => ScriptedClient.MqttJs(),
        ForeignClient.MqttNet => new MqttNetClient(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static async Task<IForeignClient> ConnectAsync(ForeignClient kind, ConnectSettings settings)
    {
        IForeignClient client = Create(kind);
        try
        {
            await client.ConnectAsync(settings);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>A name that no other test uses; short enough for a client identifier of 3.1.</summary>
    public static string NewName(string prefix) => prefix + Guid.NewGuid().ToString("N")[..10];
}
