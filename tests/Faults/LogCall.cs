namespace Faults;

/// <summary>One call that a fault can hit.</summary>
/// <param name="Number">Counted from 1 since the directory was made.</param>
/// <param name="Operation">What is called.</param>
/// <param name="Name">The file or folder.</param>
public readonly record struct LogCall(int Number, LogOperation Operation, string Name);
