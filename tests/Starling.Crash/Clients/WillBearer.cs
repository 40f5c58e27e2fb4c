using Starling.Conformance.Wire;
using Starling.Crash.Ledger;
using Starling.Protocol;

namespace Starling.Crash.Clients;

/// <summary>A client with a will, which it leaves behind, takes back, or keeps until the broker is gone.</summary>
internal sealed class WillBearer
{
    private const int LongDelaySeconds = 300;
    private readonly WillBehaviour _behaviour;
    private readonly SessionClient _client;
    private readonly Will _will;
    private readonly WireWill _message;

    public WillBearer(Scene scene, WillLedger wills, string name, WillBehaviour behaviour, Random random)
    {
        _behaviour = behaviour;
        _client = new SessionClient(scene, new ClientProfile(name, MqttVersion.V5));
        _will = wills.Add(name, 1 + random.Next(2));
        int delay = behaviour == WillBehaviour.ComesBack ? LongDelaySeconds : random.Next(2);
        _message = new WireWill(WillLedger.TopicPrefix + name, name) { Qos = _will.Qos, Properties = Property.WillDelayInterval((uint)delay) };
    }

    public async Task RunAsync(int port)
    {
        if (!await _client.ConnectAsync(port, new SessionStart { Will = _message }).ConfigureAwait(false))
        {
            return;
        }

        switch (_behaviour)
        {
            case WillBehaviour.Vanishes:
                _will.IsDue = true;
                _client.Abort();
                break;
            case WillBehaviour.TakesItBack:
                // DISCONNECT has no acknowledgement: a broker that is killed now may not know of it.
                await _client.DisconnectAsync().ConfigureAwait(false);
                break;
            case WillBehaviour.ComesBack:
                _will.IsDue = false;
                break;
            default:
                _will.IsDue = true;
                break;
        }
    }

    public void Abort() => _client.Abort();

    public Task EndedAsync() => _client.EndedAsync();

    /// <summary>After the restart: who comes back in time has no will any more.</summary>
    public async Task ComeBackAsync(int port)
    {
        if (_behaviour == WillBehaviour.ComesBack)
        {
            await _client.ConnectAsync(port).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the session, whose will has been published or is cancelled.</summary>
    public async Task EndAsync(int port)
    {
        await _client.ConnectAsync(port, new SessionStart { CleanStart = true, ExpirySeconds = 0 }).ConfigureAwait(false);
        await _client.DisconnectAsync().ConfigureAwait(false);
    }
}
