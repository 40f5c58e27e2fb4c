using System.Globalization;

namespace Starling.CommitLog.Tests;

/// <summary>Writes down what a scanner finds.</summary>
internal sealed class ScanNotes : IScanVisitor
{
    public List<string> Lines { get; } = [];

    public void VisitFrame(in FrameHeader header, long offset) =>
        Lines.Add(string.Create(CultureInfo.InvariantCulture, $"frame {header.Lsn} at {offset}"));

    public void VisitRecord(long offset, ReadOnlySpan<byte> record) =>
        Lines.Add(string.Create(CultureInfo.InvariantCulture, $"record at {offset}"));

    public void VisitDamage(ScanDamage damage, long offset, long lengthBytes) =>
        Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{damage} of {lengthBytes} at {offset}"));
}
