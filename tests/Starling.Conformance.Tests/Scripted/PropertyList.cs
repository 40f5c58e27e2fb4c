using System.Text;
using Starling.Conformance.Wire;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The properties of a packet of a client.</summary>
internal sealed record PropertyList(IReadOnlyList<WireProperty> All)
{
    public static PropertyList Empty { get; } = new([]);

    public bool Has(PropertyId id) => All.Any(property => property.Id == id);

    public long Number(PropertyId id, long otherwise) => All.FirstOrDefault(property => property.Id == id)?.Number ?? otherwise;

    public string? Text(PropertyId id) =>
        All.FirstOrDefault(property => property.Id == id) is { } property ? Encoding.Latin1.GetString(property.Data) : null;
}
