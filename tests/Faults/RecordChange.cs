using Starling.CommitLog;

namespace Faults;

/// <summary>Changes a record on its way to the disk, as a build with a mistake would write it. Its checksums are made right afterwards.</summary>
/// <param name="header">The fields of the record.</param>
/// <param name="content">What follows its header.</param>
internal delegate void RecordChange(in RecordHeader header, Span<byte> content);
