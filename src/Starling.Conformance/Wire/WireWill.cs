using System.Text;

namespace Starling.Conformance.Wire;

/// <summary>The Will of a CONNECT.</summary>
/// <param name="Topic">The Will Topic.</param>
/// <param name="Text">The Will Payload, written as UTF-8.</param>
internal sealed record WireWill(string Topic, string Text)
{
    public int Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>Property entries of 5.0, without their length.</summary>
    public byte[] Properties { get; init; } = [];

    public byte[] Payload => Encoding.UTF8.GetBytes(Text);
}
