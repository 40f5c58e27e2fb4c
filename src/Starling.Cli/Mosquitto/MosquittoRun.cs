using Starling.Cli.Formatting;

namespace Starling.Cli.Mosquitto;

/// <summary>What a tool does when something happens; all in turn on one task.</summary>
internal abstract class MosquittoRun
{
    /// <summary>Whether a lost connection is made again after a second.</summary>
    public virtual bool Reconnects => false;

    /// <summary>How the run ends when the server sends DISCONNECT, in the way of 2.0.11.</summary>
    public virtual MosquittoError EndOfDisconnect => MosquittoError.Success;

    /// <summary>What CONNACK refused with; 0 when it did not.</summary>
    public int Refusal { get; protected set; }

    /// <summary>CONNACK accepted.</summary>
    public abstract Task OnConnectedAsync();

    /// <summary>CONNACK refused.</summary>
    /// <returns>How the run ends.</returns>
    public abstract Task<MosquittoError> OnRefusedAsync(int code);

    /// <summary>A message is on its way at QoS 0, or has been acknowledged.</summary>
    public virtual Task OnPublishedAsync(int packetIdentifier, int reason, string? reasonString) => Task.CompletedTask;

    /// <summary>SUBACK.</summary>
    public virtual Task OnSubscribedAsync(int packetIdentifier, byte[] codes) => Task.CompletedTask;

    /// <summary>A message came.</summary>
    public virtual Task OnMessageAsync(ReceivedMessage message) => Task.CompletedTask;

    /// <summary>Everything else: lines, delays, signals.</summary>
    public virtual Task OnEventAsync(PeerEvent happened) => Task.CompletedTask;
}
