using Starling.Conformance.Tests.Client.Running;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>All cases on the client, by subject.</summary>
internal static class ClientCaseCatalog
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        .. ConnectingCases.All,
        .. TextCases.All,
        .. KeepAliveCases.All,
        .. SessionCases.All,
        .. IdentifierCases.All,
        .. SendingCases.All,
        .. OrderCases.All,
        .. LimitCases.All,
        .. ReceivingCases.All,
        .. AliasCases.All,
        .. RequestCases.All,
        .. AuthenticationCases.All,
        .. EndingCases.All,
        .. ServerFaultCases.All,
        .. MalformedCases.All,
    ];
}
