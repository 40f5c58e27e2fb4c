namespace Starling.Conformance.Cases;

/// <summary>
/// What a server must be told before some cases can be tried on it: rules of access and login that no server has by itself. A case that
/// finds its rule missing is not tested, and says which.
/// </summary>
internal static class Preparation
{
    /// <summary>Nobody may publish below it, nor subscribe to filters that begin with it.</summary>
    public const string DeniedPrefix = "conform/denied/";

    /// <summary>A filter that begins so matches what is denied, and does not begin with it.</summary>
    public const string AroundDenied = "conform/+/";

    /// <summary>This user is refused, whatever the password.</summary>
    public const string RefusedUserName = "conform-refused";

    /// <summary>This Client Identifier is refused.</summary>
    public const string RefusedClientIdentifier = "conformrefused";

    /// <summary>The Authentication Method of the exchange below.</summary>
    public const string Method = "CONFORM";

    /// <summary>What the client sends first.</summary>
    public const string MethodBegin = "begin";

    /// <summary>What the server asks then.</summary>
    public const string MethodChallenge = "who";

    /// <summary>The only good answer.</summary>
    public const string MethodAnswer = "right";

    /// <summary>What the server sends with success.</summary>
    public const string MethodWelcome = "welcome";

    /// <summary>Why a case about a forbidden topic is not tested.</summary>
    public const string NothingDenied = $"the server allows topics below {DeniedPrefix}; deny them to test this";

    /// <summary>Why a case about a refused login is not tested.</summary>
    public const string NobodyRefused = $"the server lets the user {RefusedUserName} in; refuse it to test this";

    /// <summary>Why a case about a refused Client Identifier is not tested.</summary>
    public const string NoIdentifierRefused = $"the server accepts the Client Identifier {RefusedClientIdentifier}; refuse it to test this";

    /// <summary>Why a case about enhanced authentication is not tested.</summary>
    public const string NoMethod = $"the server has no Authentication Method {Method}; offer it to test this";
}
