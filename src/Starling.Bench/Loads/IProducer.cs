using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Bench.Loads;

/// <summary>Decides when which publisher of a loop sends.</summary>
internal interface IProducer
{
    /// <summary>How the loop rests after this iteration.</summary>
    LoopRest Rest { get; }

    /// <summary>Sends what shall leave now; returns the monotonic time in milliseconds of the next call at the latest.</summary>
    long Produce(in Instant now);

    /// <summary>A publisher that could not send may be able to now.</summary>
    void MaySend(LoadPublisher publisher);
}
