namespace Starling.Bench.Running;

/// <summary>Opens connections of clients.</summary>
internal interface IConnector
{
    /// <summary>
    /// Begins to open a connection. The loop attaches it under the number of the client as listener name, or
    /// <see cref="BenchRun.Fail"/> is called.
    /// </summary>
    void Open(int loopIndex, int client);
}
