using System.Globalization;
using System.Net;
using Starling.Broker.Ports;
using Starling.Hosting;

namespace Starling.Crash.Serving;

/// <summary>
/// The process that is killed: a broker that prints <c>opening</c>, and <c>port N</c> once clients can connect. It also ends, without
/// any of its last steps, when its standard input does, so that it never outlives who started it.
/// </summary>
internal static class BrokerProgram
{
    private const int WrongUse = 64;

    public static async Task<int> RunAsync(string[] args)
    {
        if (BrokerArguments.Read(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync($"wrong arguments: {string.Join(' ', args)}").ConfigureAwait(false);
            return WrongUse;
        }

        Console.WriteLine("opening");
        using ConsoleLoggerFactory loggers = new();
        IDurableStore store = CrashStore.Open(arguments, loggers);
        StarlingBroker broker = StarlingBroker.Start(Options(arguments), new StarlingServices { Store = store, LoggerFactory = loggers });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"port {broker.EndPoints[0].Port}"));
        Task input = Console.In.ReadToEndAsync();
        await Task.WhenAny(broker.Completion, input).ConfigureAwait(false);
        if (broker.Completion.IsFaulted)
        {
            await Console.Error.WriteLineAsync($"{broker.Completion.Exception}").ConfigureAwait(false);
        }

        Environment.Exit(input.IsCompleted ? 0 : 1);
        return 0;
    }

    private static StarlingOptions Options(BrokerArguments arguments)
    {
        StarlingOptions options = new()
        {
            Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, arguments.Port))],
            Loops = arguments.Loops,
            Seed = arguments.Seed,
        };
        return CrashStore.Configure(arguments, options with
        {
            Broker = options.Broker with
            {
                SysInterval = TimeSpan.Zero,
                ReceiveMaximum = ushort.MaxValue,
                SessionQueueMessagesMax = int.MaxValue,
                SessionQueueBytesMax = long.MaxValue,
            },
        });
    }
}
