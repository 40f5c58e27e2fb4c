using System.Text.RegularExpressions;

namespace Starling.EndToEnd.Tests.Brokers;

/// <summary>What the log of Starling says about one client.</summary>
internal static partial class BrokerLog
{
    /// <summary>
    /// The one line that names the client and the statement it broke; it also gives the Reason Code. Mosquitto has no such line.
    /// </summary>
    public static async Task AssertOneViolationAsync(BrokerProcess broker, string clientIdentifier, int? reason)
    {
        if (BrokerProcess.Kind == BrokerKind.Mosquitto)
        {
            return;
        }

        bool NamesBoth(string line) => line.Contains(clientIdentifier, StringComparison.Ordinal) && StatementIdentifier().IsMatch(line);
        string line = await broker.Log.WaitForAsync(NamesBoth, $"a log line naming {clientIdentifier} and a statement");
        if (reason is not null)
        {
            Assert.Contains($"0x{reason:X2}", line, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Single(broker.Log.Snapshot(), NamesBoth);
    }

    /// <summary>A line that names the client and holds these words.</summary>
    public static async Task AssertLineAsync(BrokerProcess broker, string clientIdentifier, params string[] words)
    {
        if (BrokerProcess.Kind == BrokerKind.Starling)
        {
            await broker.Log.WaitForAsync(
                line => line.Contains(clientIdentifier, StringComparison.Ordinal)
                    && words.All(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)),
                $"a log line naming {clientIdentifier} with {string.Join(", ", words)}");
        }
    }

    [GeneratedRegex(@"\b(MQTT(311|31)?-\d[\d.]*(-\d+)?|U5-\d+)\b")]
    private static partial Regex StatementIdentifier();
}
