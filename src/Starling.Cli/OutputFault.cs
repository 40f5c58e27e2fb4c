namespace Starling.Cli;

/// <summary>What it means that the standard output cannot be written.</summary>
internal static class OutputFault
{
    private const int BrokenPipeOfUnix = 32;
    private const int BrokenPipeOfWindows = unchecked((int)0x8007006D);
    private const int PipeClosingOfWindows = unchecked((int)0x800700E8);

    /// <summary>Whether the reader has gone, as in <c>starling sub … | head -1</c>: it has what it wanted.</summary>
    public static bool IsReaderGone(IOException fault) =>
        fault.HResult is BrokenPipeOfUnix or BrokenPipeOfWindows or PipeClosingOfWindows;
}
