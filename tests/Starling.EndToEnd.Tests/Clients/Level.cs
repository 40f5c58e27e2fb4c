namespace Starling.EndToEnd.Tests.Clients;

/// <summary>The protocol level as CONNECT carries it.</summary>
public enum Level
{
    V31 = 3,
    V311 = 4,
    V50 = 5,
}
