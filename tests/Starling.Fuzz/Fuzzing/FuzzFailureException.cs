namespace Starling.Fuzz.Fuzzing;

/// <summary>A run broke what must always hold.</summary>
internal sealed class FuzzFailureException(string message) : Exception(message)
{
    /// <summary>Fails unless the condition holds.</summary>
    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new FuzzFailureException(message);
        }
    }
}
