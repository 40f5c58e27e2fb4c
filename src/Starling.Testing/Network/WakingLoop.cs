using Starling.Protocol.Loops;

namespace Starling.Testing.Network;

/// <summary>A loop in memory that nobody drives by itself: waking it asks the network to run.</summary>
internal sealed class WakingLoop(ILoop loop, Action wake) : ILoop
{
    public int Index => loop.Index;

    public BufferPool Buffers => loop.Buffers;

    public bool IsCurrent => loop.IsCurrent;

    public void Wake()
    {
        loop.Wake();
        wake();
    }

    public ISharedOutput OpenSharedOutput() => loop.OpenSharedOutput();

    public void SendFullOutputs() => loop.SendFullOutputs();
}
