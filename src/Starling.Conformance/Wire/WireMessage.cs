using System.Text;

namespace Starling.Conformance.Wire;

/// <summary>A message to publish.</summary>
/// <param name="Topic">The Topic Name; may be empty or wrong.</param>
/// <param name="Payload">The payload.</param>
internal sealed record WireMessage(string Topic, byte[] Payload)
{
    public WireMessage(string topic, string text)
        : this(topic, Encoding.UTF8.GetBytes(text))
    {
    }

    public int Qos { get; init; }

    public bool Retain { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Property entries of 5.0, without their length; not written in 3.x.</summary>
    public byte[] Properties { get; init; } = [];
}
