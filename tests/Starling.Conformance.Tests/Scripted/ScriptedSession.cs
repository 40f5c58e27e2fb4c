using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What the server knows of one client, with or without a connection.</summary>
internal sealed class ScriptedSession
{
    private const double BriefSeconds = 0.4;
    private ScheduledCall? _willCall;
    private ScheduledCall? _expiryCall;
    private IncomingAliases? _oldAliases;

    public ScriptedSession(ScriptedServer server, string clientIdentifier)
    {
        Server = server;
        ClientIdentifier = clientIdentifier;
        Window = new OutboundWindow(this);
    }

    public ScriptedServer Server { get; }

    public string ClientIdentifier { get; }

    /// <summary>By the filter as SUBSCRIBE has it.</summary>
    public Dictionary<string, ScriptedSubscription> Subscriptions { get; } = [];

    /// <summary>Subscription Identifiers of filters that were unsubscribed; only a fault keeps them.</summary>
    public Dictionary<string, int> FormerIdentifiers { get; } = [];

    public OutboundWindow Window { get; }

    /// <summary>QoS 2 messages that were received and not released.</summary>
    public HashSet<int> ReceivedIdentifiers { get; } = [];

    public ScriptedConnection? Connection { get; private set; }

    public ScriptedWill? Will { get; set; }

    /// <summary>Seconds that it outlives its connection.</summary>
    public uint ExpirySeconds { get; set; }

    private bool Has(Fault fault) => Server.Has(fault);

    /// <summary>A connection begins or continues it.</summary>
    public void Attach(ScriptedConnection connection, ConnectRequest request)
    {
        _expiryCall?.Cancel();
        if (!Has(Fault.WillDelayOutlivesReconnect))
        {
            _willCall?.Cancel();
        }

        ScriptedWill? will = Has(Fault.WillWithKeepAliveForgotten) && request.KeepAlive > 0 ? null : request.Will;
        Will = will ?? (Has(Fault.WillKept) ? Will : null);
        Connection = connection;
        ExpirySeconds = request.SessionExpiry(connection.Version);
        if (_oldAliases is { } aliases && Has(Fault.TopicAliasesOutliveConnection))
        {
            connection.Aliases.Copy(aliases);
        }
    }

    /// <summary>Its connection is over.</summary>
    public void OnClosed(ScriptedConnection connection)
    {
        if (Connection != connection)
        {
            return;
        }

        Connection = null;
        Window.OnClosed();
        _oldAliases = connection.Aliases;
        double expiry = Server.Fault switch
        {
            Fault.SessionsNeverExpire when ExpirySeconds > 0 => uint.MaxValue,
            Fault.SessionExpiryHalved when ExpirySeconds < uint.MaxValue => ExpirySeconds / 2.0,
            Fault.SessionOf311Expires when ExpirySeconds == uint.MaxValue && !connection.IsV5 => BriefSeconds,
            Fault.SessionOfMaximumExpires when ExpirySeconds == uint.MaxValue && connection.IsV5 => 0,
            Fault.SessionOfZeroKept when ExpirySeconds == 0 => 600,
            _ => ExpirySeconds,
        };
        if (Has(Fault.FurtherSubscriptionsForgotten))
        {
            foreach (string filter in Subscriptions.Keys.Skip(1).ToArray())
            {
                Subscriptions.Remove(filter);
            }
        }

        if (Will is { } will)
        {
            long delay = Has(Fault.WillDelayIgnored) ? 0 : will.Properties.Number(PropertyId.WillDelayInterval, 0);
            double due = Has(Fault.WillDelayOutlivesSession) ? delay : Math.Min(delay, expiry);
            if (due == 0)
            {
                PublishWill();
            }
            else
            {
                _willCall = Server.Clock.ScheduleSeconds(due, PublishWill);
            }
        }

        if (expiry == 0)
        {
            End(isCleanStart: false);
        }
        else if (expiry < uint.MaxValue)
        {
            _expiryCall = Server.Clock.ScheduleSeconds(expiry, () => End(isCleanStart: false));
        }
    }

    /// <summary>It ends; a will that waits is due.</summary>
    public void End(bool isCleanStart)
    {
        Server.Sessions.Remove(this);
        _expiryCall?.Cancel();
        if (Will is not null && !Has(Fault.WillDelayOutlivesSession) && !(isCleanStart && Has(Fault.CleanStartDropsWill)))
        {
            _willCall?.Cancel();
            PublishWill();
        }
        else if (isCleanStart)
        {
            _willCall?.Cancel();
        }

        if (Has(Fault.SharesPassedOnAtSessionEnd))
        {
            foreach (Delivery delivery in Window.All)
            {
                Server.PassOn(delivery, this);
            }
        }

        if (Has(Fault.RetainedLostWithSession))
        {
            Server.Retained.Forget(ClientIdentifier);
        }
    }

    public void PublishWill()
    {
        if (Will is not { } will)
        {
            return;
        }

        Will = Has(Fault.WillKept) ? Will : null;
        bool isRetained = Server.Fault switch
        {
            Fault.WillRetainIgnored => false,
            Fault.WillAlwaysRetained => true,
            _ => will.Retain,
        };
        int qos = Has(Fault.WillAtQos0) ? 0 : will.Qos;
        Server.Publish(new ScriptedMessage(will.Topic, will.Payload, qos, isRetained, Server.Clock.Now)
        {
            Publisher = ClientIdentifier,
            IsWill = true,
            Properties = ScriptedMessage.Forwardable(will.Properties, Server.Fault, isWill: true),
            Expiry = will.Properties.Has(PropertyId.MessageExpiryInterval) && !Has(Fault.WillPropertiesLost)
                ? (uint)will.Properties.Number(PropertyId.MessageExpiryInterval, 0)
                : null,
        });
    }
}
