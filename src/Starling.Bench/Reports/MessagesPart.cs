namespace Starling.Bench.Reports;

/// <summary>What became of the messages of a whole run, in a JSON file.</summary>
/// <param name="Sent">Handed to connections.</param>
/// <param name="Acknowledged">Their exchange with the server is over.</param>
/// <param name="Expected">Deliveries that they should have made.</param>
/// <param name="Delivered">Deliveries that they made, without duplicates.</param>
/// <param name="Lost">Deliveries that never came.</param>
/// <param name="Duplicates">Deliveries that came twice.</param>
/// <param name="Reordered">Deliveries that came after a later one.</param>
/// <param name="Foreign">Messages of others.</param>
internal sealed record MessagesPart(
    long Sent, long Acknowledged, long Expected, long Delivered, long Lost, long Duplicates, long Reordered, long Foreign);
