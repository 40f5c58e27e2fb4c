using Starling.Broker.Messages;
using Starling.Broker.Sessions;
using Starling.Protocol;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Several matching subscriptions of one session make one copy: with the highest QoS [MQTT-3.3.4-2] and all their identifiers
/// [MQTT-3.3.4-3].
/// </summary>
internal sealed class OverlappingTerms
{
    private readonly List<uint> _identifiers = [];

    /// <summary>False when none of them wants the message.</summary>
    public bool TryCombine(ref Message message, Subscription[] subscriptions, out DeliveryTerms combined)
    {
        _identifiers.Clear();
        bool isWanted = false;
        bool retain = false;
        QualityOfService qos = QualityOfService.AtMostOnce;
        foreach (Subscription subscription in subscriptions)
        {
            if (!LocalDeliveries.TryTerms(ref message, subscription, out DeliveryTerms terms))
            {
                continue;
            }

            isWanted = true;
            retain |= terms.Retain;
            qos = terms.Qos > qos ? terms.Qos : qos;
            if (terms.Identifier != 0 && !_identifiers.Contains(terms.Identifier))
            {
                _identifiers.Add(terms.Identifier);
            }
        }

        combined = _identifiers.Count <= 1
            ? new DeliveryTerms(qos, retain, _identifiers.Count == 1 ? _identifiers[0] : 0, null)
            : new DeliveryTerms(qos, retain, 0, [.. _identifiers]);
        return isWanted;
    }
}
