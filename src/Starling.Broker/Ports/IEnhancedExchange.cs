namespace Starling.Broker.Ports;

/// <summary>One exchange of one client; used by one loop at a time.</summary>
public interface IEnhancedExchange
{
    /// <summary>
    /// Takes the client's Authentication Data (empty when it sent none) and decides at once, or returns false and calls
    /// <paramref name="completion"/> later from any thread.
    /// </summary>
    bool TryContinue(ReadOnlyMemory<byte> data, ICompletion<EnhancedDecision> completion, out EnhancedDecision decision);
}
