using Starling.Broker.Diagnostics;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Broker.Connections;

/// <summary>The connect time-out and the Keep Alive of each connection; one timer each, re-armed when it fires and not at each packet.</summary>
internal sealed class KeepAlives(Shard shard)
{
    public ushort Limit(ushort keepAliveSeconds)
    {
        if (shard.Engine.Options.KeepAliveMax is not { } max)
        {
            return keepAliveSeconds;
        }

        ushort limit = (ushort)Math.Clamp(max.TotalSeconds, 1, ushort.MaxValue);
        return keepAliveSeconds == 0 ? limit : Math.Min(keepAliveSeconds, limit);
    }

    /// <summary>A connection without CONNECT, or whose CONNECT is never decided, is closed after a time [U5-45].</summary>
    public void AwaitConnect(BrokerConnection connection) => shard.Timers.Set(
        connection.Timer,
        connection.Details.OpenedMonotonicMilliseconds + (long)shard.Engine.Options.ConnectTimeout.TotalMilliseconds);

    /// <summary>CONNACK has been sent: from now on the Keep Alive counts [MQTT-3.2.2-22].</summary>
    public void Begin(BrokerConnection connection)
    {
        ushort seconds = Limit(connection.Request?.KeepAliveSeconds ?? 0);
        connection.SilenceMaxMilliseconds = seconds * 1500L;
        if (seconds == 0)
        {
            shard.Timers.Cancel(connection.Timer);
            return;
        }

        shard.Timers.Set(connection.Timer, shard.Now.MonotonicMilliseconds + connection.SilenceMaxMilliseconds);
    }

    public void TimeIsUp(BrokerConnection connection)
    {
        if (connection.Machine.Phase != ServerConnectionPhase.Connected)
        {
            shard.Counters.Cross(BrokerLimit.ConnectTimeout);
            shard.Log.ConnectTimedOut(connection);
            shard.Endings.Detach(connection, ConnectionCause.ConnectTimeout);
            connection.Output.Close();
            return;
        }

        long dueAt = connection.LastReceivedMonotonicMilliseconds + connection.SilenceMaxMilliseconds;
        if (connection.IsPausedBesides(PauseReason.Output))
        {
            // Who is not read cannot show that it lives; who takes nothing does not.
            dueAt = shard.Now.MonotonicMilliseconds + connection.SilenceMaxMilliseconds;
        }

        if (dueAt > shard.Now.MonotonicMilliseconds)
        {
            shard.Timers.Set(connection.Timer, dueAt);
            return;
        }

        // One and a half periods of silence end the connection as a network failure does [MQTT-3.1.2-22], [MQTT311-3.1.2-24].
        shard.Endings.Disconnect(connection, ReasonCode.KeepAliveTimeout, ConnectionCause.KeepAliveTimeout, null);
    }
}
