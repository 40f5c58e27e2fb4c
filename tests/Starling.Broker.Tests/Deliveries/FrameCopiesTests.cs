using Starling.Broker.Deliveries;
using Starling.Broker.Messages;
using Starling.Protocol;

namespace Starling.Broker.Tests.Deliveries;

public sealed class FrameCopiesTests
{
    private const long Now = 1_700_000_000_000;

    // The loop that received it may have read its clock a little later than the one that sends it on.
    [Theory]
    [InlineData(10u, 0, 10u)]
    [InlineData(10u, -60, 10u)]
    [InlineData(uint.MaxValue, -1, uint.MaxValue)]
    [InlineData(uint.MaxValue, -5000, uint.MaxValue)]
    [InlineData(10u, 500, 10u)]
    [InlineData(10u, 1000, 9u)]
    [InlineData(10u, 9990, 1u)]
    [InlineData(10u, 10_000, 0u)]
    [InlineData(10u, 10_001, 0u)]
    public void Lifetime_that_is_left_is_never_more_than_was_received(uint receivedSeconds, int waitedMilliseconds, uint leftSeconds)
    {
        Message message = new() { ExpiresAtUtcMilliseconds = Now + (receivedSeconds * 1000L) };
        DeliveryTerms terms = new(QualityOfService.AtMostOnce, Retain: false, Identifier: 0, Identifiers: null);

        uint? left = FrameCopies.PacketFor(message, isV5: true, terms, Now + waitedMilliseconds).MessageExpiryIntervalSeconds;

        Assert.Equal(leftSeconds, left);
    }
}
