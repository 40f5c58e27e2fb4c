using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Starling.Hosting;

/// <summary>Where the broker listens.</summary>
/// <param name="EndPoint">The address and port; port 0 takes a free one, the same for all such listeners where possible.</param>
/// <param name="IsOptional">Whether the broker starts without it, with a warning, on a machine that has no such address.</param>
public sealed record ListenerAddress(IPEndPoint EndPoint, bool IsOptional = false)
{
    /// <summary>The port of MQTT over TCP.</summary>
    public const int DefaultPort = 1883;

    private const string Scheme = "tcp://";

    /// <summary>The loopback addresses; the one of IPv6 is optional.</summary>
    /// <param name="port">0 to 65535; 0 takes a free one.</param>
    public static IReadOnlyList<ListenerAddress> Loopback(int port) => Both(IPAddress.Loopback, IPAddress.IPv6Loopback, port);

    /// <summary>
    /// Reads <c>tcp://ADDRESS[:PORT]</c> or <c>ADDRESS[:PORT]</c>, where ADDRESS is an IPv4 address, an IPv6 address (in brackets when a
    /// port follows), <c>localhost</c> for both loopback addresses, or <c>*</c> for every address of the machine.
    /// </summary>
    /// <param name="text">What to read.</param>
    /// <param name="defaultPort">The port when the text has none.</param>
    /// <param name="listeners">What was read: one listener, or two where the text means IPv4 and IPv6.</param>
    public static bool TryParse(string text, int defaultPort, [NotNullWhen(true)] out IReadOnlyList<ListenerAddress>? listeners)
    {
        listeners = null;
        string rest = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..] : text;
        string address = rest;
        int port = defaultPort;
        int colon = rest.LastIndexOf(':');
        bool isBareIPv6 = rest.IndexOf(':', StringComparison.Ordinal) != colon && !rest.StartsWith('[');
        if (colon >= 0 && !rest.EndsWith(']') && !isBareIPv6)
        {
            address = rest[..colon];
            if (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > ushort.MaxValue)
            {
                return false;
            }
        }

        listeners = ParseAddress(address, port);
        return listeners is not null;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Scheme + EndPoint;

    private static IReadOnlyList<ListenerAddress>? ParseAddress(string text, int port)
    {
        if (text == "*")
        {
            return Both(IPAddress.Any, IPAddress.IPv6Any, port);
        }

        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Loopback(port);
        }

        // IPAddress also reads "1" and "0x7f.1"; only the full dotted form is meant here.
        bool isWhole = text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;
        return isWhole && IPAddress.TryParse(text, out IPAddress? address) ? [new(new IPEndPoint(address, port))] : null;
    }

    private static ListenerAddress[] Both(IPAddress version4, IPAddress version6, int port) =>
        [new(new IPEndPoint(version4, port)), new(new IPEndPoint(version6, port), IsOptional: true)];
}
