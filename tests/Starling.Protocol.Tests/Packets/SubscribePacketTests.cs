using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class SubscribePacketTests
{
    private static readonly Gen<(byte[] Filter, int Qos, bool NoLocal, bool RetainAsPublished, int RetainHandling)[]> Entries =
        Gen.Select(Wire.Text, Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[0, 2]).Array[1, 5];

    [Fact]
    public void Filters_and_their_options_are_read_in_order()
    {
        byte[] bytes = Wire.Bytes("82 12 1234 02 0B07 0001 61 2E 0003 622F23 01 0000 00");

        Assert.True(SubscribePacket.TryRead(Wire.Frame(bytes), MqttVersion.V5, out SubscribePacket packet, out _));
        Assert.Equal((0x1234, 7u, 3), (packet.PacketIdentifier, packet.SubscriptionIdentifier, packet.FilterCount));
        SubscribeFilters.Enumerator filters = packet.Filters.GetEnumerator();
        Assert.True(filters.MoveNext());
        Assert.Equal("a"u8, filters.Current.Filter);
        Assert.Equal(
            (QualityOfService.ExactlyOnce, true, true, RetainHandling.DoNotSend),
            (filters.Current.MaximumQos, filters.Current.NoLocal, filters.Current.RetainAsPublished, filters.Current.RetainHandling));
        Assert.True(filters.MoveNext());
        Assert.Equal("b/#"u8, filters.Current.Filter);
        Assert.Equal((QualityOfService.AtLeastOnce, false), (filters.Current.MaximumQos, filters.Current.NoLocal));
        Assert.True(filters.MoveNext());
        Assert.True(filters.Current.Filter.IsEmpty);
        Assert.False(filters.MoveNext());
    }

    [Theory]
    [InlineData("82 07 0000 00 0001 61 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-2.2.1-3")]
    [InlineData("82 06 0000 0001 61 00", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-2.3.1-1")]
    [InlineData("82 03 0001 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.8.3-2")]
    [InlineData("82 02 0001", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.8.3-3")]
    [InlineData("82 07 0001 00 0001 61 03", MqttVersion.V5, ReasonCode.ProtocolError, "U5-30")]
    [InlineData("82 07 0001 00 0001 61 30", MqttVersion.V5, ReasonCode.ProtocolError, "U5-31")]
    [InlineData("82 07 0001 00 0001 61 40", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-3.8.3-5")]
    [InlineData("82 07 0001 00 0001 61 80", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-3.8.3-5")]
    [InlineData("82 06 0001 0001 61 03", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-3.8.3-4")]
    [InlineData("82 06 0001 0001 61 04", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-3.8.3-4")]
    [InlineData("82 06 0001 0001 61 80", MqttVersion.V31, ReasonCode.MalformedPacket, "MQTT311-3.8.3-4")]
    [InlineData("82 10 0001 00 000A 2473686172652F672F74 04", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.8.3-4")]
    [InlineData("82 07 0001 00 0001 FF 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-1.5.4-1")]
    [InlineData("82 06 0001 0001 00 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-1.5.3-2")]
    [InlineData("82 06 0001 00 0001 61", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("82 07 0001 00 0005 61 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("82 09 0001 02 0B00 0001 61 00", MqttVersion.V5, ReasonCode.ProtocolError, "U5-27")]
    [InlineData("A2 06 0000 00 0001 61", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-2.2.1-3")]
    [InlineData("A2 05 0000 0001 61", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-2.3.1-1")]
    [InlineData("A2 03 0001 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.10.3-2")]
    [InlineData("A2 02 0001", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.10.3-2")]
    [InlineData("A2 06 0001 00 0001 FF", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-1.5.4-1")]
    [InlineData("A2 06 0001 0001 61 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [Statement("MQTT-2.2.1-3"), Statement("MQTT311-2.3.1-1"), Statement("MQTT-3.8.3-2"), Statement("MQTT311-3.8.3-3"), Statement("U5-30")]
    [Statement("U5-31"), Statement("MQTT-3.8.3-5"), Statement("MQTT311-3.8.3-4"), Statement("MQTT-3.8.3-4"), Statement("U5-27")]
    [Statement("MQTT-3.10.3-2"), Statement("MQTT311-3.10.3-2")]
    public void A_broken_rule_is_a_violation(string hex, MqttVersion version, ReasonCode reason, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Theory]
    [InlineData("82 07 0001 00 0001 61 04")]
    [InlineData("82 10 0001 00 000A 2473686172652F672F74 08")]
    [InlineData("82 07 0001 00 0001 2B 00")]
    [Statement("MQTT-3.8.3-4")]
    public void No_Local_is_taken_on_ordinary_filters_and_other_options_on_shared_ones(string hex) =>
        Assert.True(Verdict.Of(hex, MqttVersion.V5).IsRead);

    [Fact]
    public void A_filter_that_is_not_well_formed_is_left_to_the_caller() =>
        Assert.True(Verdict.Of("82 08 0001 00 0002 6123 00", MqttVersion.V5).IsRead);

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void A_written_SUBSCRIBE_is_read(MqttVersion version) =>
        Gen.Select(Wire.Identifier, Gen.UInt[0, 268_435_455], Wire.UserProperties, Entries).Sample((
            identifier, subscriptionIdentifier, userProperties, entries) =>
        {
            bool isV5 = version == MqttVersion.V5;
            byte[] filters = [];
            foreach ((byte[] filter, int qos, bool noLocal, bool retainAsPublished, int retainHandling) in entries)
            {
                SubscribeFilter entry = new()
                {
                    Filter = filter,
                    MaximumQos = (QualityOfService)qos,
                    NoLocal = noLocal,
                    RetainAsPublished = retainAsPublished,
                    RetainHandling = (RetainHandling)retainHandling,
                };
                byte[] bytes = new byte[SubscribeFilterWriter.GetByteCount(entry)];
                Assert.Equal(bytes.Length, SubscribeFilterWriter.Write(bytes, entry, version));
                filters = [.. filters, .. bytes];
            }

            SubscribePacket written = new()
            {
                PacketIdentifier = identifier,
                SubscriptionIdentifier = subscriptionIdentifier,
                UserProperties = userProperties,
                FiltersBytes = filters,
            };
            byte[] packet = new byte[written.GetByteCount(version)];
            Assert.Equal(packet.Length, written.Write(packet, version));

            Assert.True(SubscribePacket.TryRead(Wire.Frame(packet), version, out SubscribePacket read, out _));

            Assert.Equal(
                (identifier, isV5 ? subscriptionIdentifier : 0, entries.Length),
                (read.PacketIdentifier, read.SubscriptionIdentifier, read.FilterCount));
            Assert.Equal(isV5 ? userProperties : [], read.UserProperties);
            int i = 0;
            foreach (SubscribeFilter filter in read.Filters)
            {
                (byte[] Filter, int Qos, bool NoLocal, bool RetainAsPublished, int RetainHandling) expected = entries[i++];
                Assert.Equal(expected.Filter, filter.Filter);
                Assert.Equal(expected.Qos, (int)filter.MaximumQos);
                Assert.Equal(
                    isV5 ? (expected.NoLocal, expected.RetainAsPublished, expected.RetainHandling) : default,
                    (filter.NoLocal, filter.RetainAsPublished, (int)filter.RetainHandling));
            }

            Assert.Equal(entries.Length, i);
        });

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void A_written_UNSUBSCRIBE_is_read(MqttVersion version) =>
        Gen.Select(Wire.Identifier, Wire.UserProperties, Wire.Text.Array[1, 5]).Sample((identifier, userProperties, filters) =>
        {
            byte[] filtersBytes = new byte[filters.Sum(filter => UnsubscribeFilterWriter.GetByteCount(filter))];
            int position = 0;
            foreach (byte[] filter in filters)
            {
                position += UnsubscribeFilterWriter.Write(filtersBytes.AsSpan(position), filter);
            }

            UnsubscribePacket written = new() { PacketIdentifier = identifier, UserProperties = userProperties, FiltersBytes = filtersBytes };
            byte[] packet = new byte[written.GetByteCount(version)];
            Assert.Equal(packet.Length, written.Write(packet, version));

            Assert.True(UnsubscribePacket.TryRead(Wire.Frame(packet), version, out UnsubscribePacket read, out _));

            Assert.Equal((identifier, filters.Length), (read.PacketIdentifier, read.FilterCount));
            Assert.Equal(version == MqttVersion.V5 ? userProperties : [], read.UserProperties);
            int i = 0;
            foreach (UnsubscribeFilter filter in read.Filters)
            {
                Assert.Equal(filters[i++], filter.Filter);
            }

            Assert.Equal(filters.Length, i);
        });
}
