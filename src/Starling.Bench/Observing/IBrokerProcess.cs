namespace Starling.Bench.Observing;

/// <summary>The process of the server that is measured.</summary>
internal interface IBrokerProcess
{
    /// <summary>What it has used; null when it has ended.</summary>
    BrokerUsage? Read();
}
