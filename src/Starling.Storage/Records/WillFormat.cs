namespace Starling.Storage.Records;

/// <summary>
/// The content of a Will record: epoch, these flags, whether there is a Message Expiry Interval, delay, that interval, length of the
/// properties; then topic (the key), properties and payload.
/// </summary>
internal static class WillFormat
{
    public const byte QosMask = 0x03;
    public const byte Retain = 0x04;
}
