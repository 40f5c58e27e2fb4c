using Starling.Broker.Ports;
using Starling.Conformance.Cases;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Targets;

/// <summary>Refuses the one user and the one Client Identifier that the suite expects to be refused; lets all others in.</summary>
internal sealed class PreparedAuthenticator : IAuthenticator
{
    public bool TryAuthenticate(
        AuthenticationRequest request, ICompletion<AuthenticationDecision> completion, out AuthenticationDecision decision)
    {
        decision = request switch
        {
            { UserName: Preparation.RefusedUserName } => AuthenticationDecision.Refuse(ReasonCode.BadUserNameOrPassword),
            { ClientIdentifier: Preparation.RefusedClientIdentifier } => AuthenticationDecision.Refuse(ReasonCode.ClientIdentifierNotValid),
            _ => AuthenticationDecision.Allow,
        };
        return true;
    }
}
