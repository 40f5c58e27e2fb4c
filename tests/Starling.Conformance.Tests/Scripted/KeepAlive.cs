using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Ends a connection on which nothing came for one and a half times its Keep Alive.</summary>
internal sealed class KeepAlive
{
    private readonly ScriptedConnection _connection;
    private readonly TimeSpan _limit;
    private TimeSpan _last;
    private ScheduledCall _call;

    private KeepAlive(ScriptedConnection connection, TimeSpan limit)
    {
        _connection = connection;
        _limit = limit;
        _last = connection.Server.Clock.Now;
        _call = connection.Server.Clock.Schedule(limit, OnTime);
    }

    /// <summary>Watches a connection; null when its Keep Alive asks for nothing.</summary>
    public static KeepAlive? Start(ScriptedConnection connection, int seconds)
    {
        double limit = seconds * connection.Fault switch
        {
            Fault.KeepAliveWithoutGrace => 0.5,
            Fault.KeepAliveDoubled => 4,
            _ => 1.5,
        };
        bool isOneSecondOff = seconds == 1 && connection.Has(Fault.KeepAliveOfOneSecondIgnored);
        bool isOff = seconds == 0 || isOneSecondOff || connection.Has(Fault.KeepAliveIgnored);
        if (seconds == 0 && connection.Has(Fault.KeepAliveZeroEnforced))
        {
            return new KeepAlive(connection, TimeSpan.FromSeconds(4.9));
        }

        return isOff ? null : new KeepAlive(connection, TimeSpan.FromSeconds(limit));
    }

    public void OnPacket() => _last = _connection.Server.Clock.Now;

    public void Stop() => _call.Cancel();

    private void OnTime()
    {
        TimeSpan left = _last + _limit - _connection.Server.Clock.Now;
        if (left > TimeSpan.Zero)
        {
            _call = _connection.Server.Clock.Schedule(left, OnTime);
        }
        else
        {
            _connection.Fail(ReasonCode.KeepAliveTimeout);
        }
    }
}
