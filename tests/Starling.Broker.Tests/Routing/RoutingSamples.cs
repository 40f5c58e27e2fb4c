using System.Text;
using CsCheck;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Routing;

/// <summary>Topics and filters over a tiny alphabet, so that they meet, and the rule they are judged by, written as plainly as possible.</summary>
internal static class RoutingSamples
{
    private static readonly Gen<string> Level = Gen.Int[0, 5].Select(
        index => index switch { 0 => "", 1 => "a", 2 => "b", 3 => "$s", 4 => "a-level-longer-than-a-head", _ => "a-level-longer-than-a-heaD" });

    public static readonly Gen<string> Topic =
        Level.Array[1, 4].Select(levels => string.Join('/', levels)).Where(topic => topic.Length > 0);

    public static readonly Gen<string> Filter =
        Gen.Select(Gen.Frequency((4, Level), (2, Gen.Const("+"))).Array[0, 4], Gen.Bool)
            .Select((levels, subtree) => string.Join('/', subtree || levels.Length == 0 ? [.. levels, "#"] : levels))
            .Where(filter => filter.Length > 0);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static bool Matches(string filter, string topic)
    {
        if (topic.StartsWith('$') && filter[0] is ('+' or '#'))
        {
            return false;
        }

        return Matches(filter.Split('/'), topic.Split('/'));
    }

    /// <summary>Routing never asks a session for its shard.</summary>
    public static Session NewSession(ulong number, bool persistent = false) =>
        new() { Number = number, ClientIdentifier = $"{number}", Shard = null!, ExpiryIntervalSeconds = persistent ? 1U : 0U };

    public static Subscription NewSubscription(Session session, string filter, string? shareName = null) =>
        new() { Session = session, Filter = Bytes(filter), ShareName = shareName is null ? null : Bytes(shareName) };

    public static RetainedMessage NewRetained(string topic, string payload = "x", long expiresAt = RetainedMessage.NeverExpires) =>
        new() { Topic = Bytes(topic), Payload = Bytes(payload), ExpiresAtUtcMilliseconds = expiresAt };

    private static bool Matches(ReadOnlySpan<string> filter, ReadOnlySpan<string> topic)
    {
        return filter switch
        {
            [] => topic.IsEmpty,
            ["#"] => true,
            _ when topic.IsEmpty => false,
            ["+", ..] => Matches(filter[1..], topic[1..]),
            _ => filter[0] == topic[0] && Matches(filter[1..], topic[1..]),
        };
    }
}
