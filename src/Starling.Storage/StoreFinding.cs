namespace Starling.Storage;

/// <summary>Something that is wrong in a data directory.</summary>
/// <param name="File">The file, by its name in the directory.</param>
/// <param name="Offset">Where in it, in bytes.</param>
/// <param name="Message">What, in a few words.</param>
public sealed record StoreFinding(string File, long Offset, string Message);
