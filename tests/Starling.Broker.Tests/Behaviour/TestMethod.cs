using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>
/// The Authentication Method "riddle": to the first data the server answers with a challenge, "right" answers it well, anything else is
/// refused. With <see cref="IsLater"/> each step is answered when the test completes it.
/// </summary>
internal sealed class TestMethod : IEnhancedAuthenticator
{
    public bool IsLater { get; set; }

    public int Begun { get; private set; }

    public Queue<Action> Pending { get; } = new();

    public IEnhancedExchange? Begin(AuthenticationRequest request)
    {
        if (request.AuthenticationMethod != "riddle")
        {
            return null;
        }

        Begun++;
        return new Exchange(this);
    }

    private sealed class Exchange(TestMethod method) : IEnhancedExchange
    {
        private bool _isAsked;

        public bool TryContinue(ReadOnlyMemory<byte> data, ICompletion<EnhancedDecision> completion, out EnhancedDecision decision)
        {
            EnhancedDecision decided = Decide(Encoding.UTF8.GetString(data.Span));
            decision = decided;
            if (method.IsLater)
            {
                method.Pending.Enqueue(() => completion.Complete(decided));
            }

            return !method.IsLater;
        }

        private EnhancedDecision Decide(string data)
        {
            if (!_isAsked)
            {
                _isAsked = true;
                return data == "bad" ? EnhancedDecision.Refuse() : EnhancedDecision.Challenge("what?"u8.ToArray());
            }

            return data == "right" ? EnhancedDecision.Success("welcome"u8.ToArray()) : EnhancedDecision.Refuse(ReasonCode.NotAuthorized);
        }
    }
}
