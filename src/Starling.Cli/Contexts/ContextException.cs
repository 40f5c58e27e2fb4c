namespace Starling.Cli.Contexts;

/// <summary>The file of contexts cannot be used; the message says why and what to do.</summary>
internal sealed class ContextException(string message) : Exception(message);
