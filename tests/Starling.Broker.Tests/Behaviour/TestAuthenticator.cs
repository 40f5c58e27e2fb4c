using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Decides as the test says; null means later, when the test completes what is pending.</summary>
internal sealed class TestAuthenticator : IAuthenticator
{
    public Func<AuthenticationRequest, AuthenticationDecision?> Decide { get; set; } = static _ => AuthenticationDecision.Allow;

    public List<AuthenticationRequest> Requests { get; } = [];

    public Queue<ICompletion<AuthenticationDecision>> Pending { get; } = new();

    public bool TryAuthenticate(
        AuthenticationRequest request, ICompletion<AuthenticationDecision> completion, out AuthenticationDecision decision)
    {
        Requests.Add(request);
        AuthenticationDecision? now = Decide(request);
        decision = now ?? default;
        if (now is null)
        {
            Pending.Enqueue(completion);
        }

        return now is not null;
    }
}
