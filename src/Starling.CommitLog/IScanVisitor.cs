namespace Starling.CommitLog;

/// <summary>Gets what a <see cref="LogScanner"/> finds, in the order of the file. Spans are valid during the call.</summary>
public interface IScanVisitor
{
    /// <summary>A frame whose header is right; its records follow, and damage among them.</summary>
    /// <param name="header">The header.</param>
    /// <param name="offset">Where it stands.</param>
    void VisitFrame(in FrameHeader header, long offset);

    /// <summary>A record whose checksum is right.</summary>
    /// <param name="offset">Where it stands.</param>
    /// <param name="record">Header and content, without the padding.</param>
    void VisitRecord(long offset, ReadOnlySpan<byte> record);

    /// <summary>Bytes that are not what they should be.</summary>
    /// <param name="damage">What they are a part of.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="lengthBytes">How many they are, up to what can be read again.</param>
    void VisitDamage(ScanDamage damage, long offset, long lengthBytes);
}
