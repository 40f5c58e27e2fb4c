namespace Starling.Broker.Deliveries;

/// <summary>Which part of its receivers a message goes to. Only a Will from the store is parted: it must be removed there before anybody gets it.</summary>
internal enum DeliveryStage : byte
{
    /// <summary>Everybody.</summary>
    Whole,

    /// <summary>Those whose copies are in its record; what they get leaves when the record is stored.</summary>
    Recorded,

    /// <summary>Everybody else.</summary>
    Rest,
}
