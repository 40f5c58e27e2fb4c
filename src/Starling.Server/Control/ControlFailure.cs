namespace Starling.Server.Control;

/// <summary>Why a broker did not do what it was asked for through its control socket.</summary>
public enum ControlFailure
{
    /// <summary>No broker answers there.</summary>
    NoBroker,

    /// <summary>This user may not ask, or the broker refuses the request.</summary>
    Refused,

    /// <summary>The broker ended before it had answered.</summary>
    Lost,
}
