using Starling.Transports.InMemory;

namespace Starling.Bench.Tests.InMemory;

/// <summary>The server of a run in memory.</summary>
internal interface IFarEnd
{
    /// <summary>A connection of the generator; its bytes are what the server sees.</summary>
    void Accept(InMemoryPeer generator);

    /// <summary>Takes and gives bytes, at the virtual time that has come. Whether there was anything.</summary>
    bool Exchange();

    /// <summary>Lets the server's own time pass.</summary>
    void Pass(TimeSpan time);
}
