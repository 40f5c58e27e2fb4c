using System.Text;
using Starling.Broker.Ports;
using Starling.Conformance.Cases;

namespace Starling.Conformance.Tests.Targets;

/// <summary>The one Authentication Method that the suite knows: one challenge, one good answer.</summary>
internal sealed class PreparedMethod : IEnhancedAuthenticator
{
    public IEnhancedExchange? Begin(AuthenticationRequest request) =>
        request.AuthenticationMethod == Preparation.Method ? new Exchange() : null;

    private sealed class Exchange : IEnhancedExchange
    {
        private bool _isAsked;

        public bool TryContinue(ReadOnlyMemory<byte> data, ICompletion<EnhancedDecision> completion, out EnhancedDecision decision)
        {
            decision = (Encoding.UTF8.GetString(data.Span), _isAsked) switch
            {
                (Preparation.MethodBegin, false) => EnhancedDecision.Challenge(Encoding.UTF8.GetBytes(Preparation.MethodChallenge)),
                (Preparation.MethodAnswer, true) => EnhancedDecision.Success(Encoding.UTF8.GetBytes(Preparation.MethodWelcome)),
                _ => EnhancedDecision.Refuse(),
            };
            _isAsked = true;
            return true;
        }
    }
}
