using System.Text;
using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Decides as the test says; null means later, when the test completes what is pending.</summary>
internal sealed class TestAuthorizer : IAuthorizer
{
    public Func<AuthorizationAction, string, bool?> Decide { get; set; } = static (_, _) => true;

    public List<(AuthorizationAction Action, string Client, string? User, string Topic)> Asked { get; } = [];

    public Queue<ICompletion<bool>> Pending { get; } = new();

    public bool TryAuthorize(scoped in AuthorizationRequest request, ICompletion<bool> completion, out bool isAllowed)
    {
        string topic = Encoding.UTF8.GetString(request.Topic);
        Asked.Add((request.Action, request.ClientIdentifier, request.UserName, topic));
        bool? now = Decide(request.Action, topic);
        isAllowed = now ?? false;
        if (now is null)
        {
            Pending.Enqueue(completion);
        }

        return now is not null;
    }
}
