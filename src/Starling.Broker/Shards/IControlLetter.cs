namespace Starling.Broker.Shards;

/// <summary>A letter of the control queue: always accepted, handled before data.</summary>
internal interface IControlLetter
{
    /// <summary>Handles the letter on the shard it was sent to.</summary>
    void Deliver(Shard shard);
}
