using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>A text that a client can send, and how to send other bytes in its place.</summary>
/// <param name="Name">What it is called in the name of a case.</param>
/// <param name="Packet">The packet that has it.</param>
/// <param name="Write">The packet with these bytes as the text.</param>
internal sealed record TextField(string Name, PacketType Packet, Func<CaseRun, PacketParts, byte[], byte[]> Write)
{
    /// <summary>Whether 3.1.1 has the field.</summary>
    public bool IsIn311 { get; init; }

    /// <summary>Statements about this field that say it is UTF-8.</summary>
    public string[] TextStatements { get; init; } = [];

    /// <summary>Statements about this field that forbid U+0000.</summary>
    public string[] ZeroStatements { get; init; } = [];

    /// <summary>Codes that say more than that the packet is malformed.</summary>
    public ReasonCode[] Codes { get; init; } = [];
}
