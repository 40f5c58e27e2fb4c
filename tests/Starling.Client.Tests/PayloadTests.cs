using System.Buffers;
using System.Globalization;
using System.Text;
using CsCheck;
using Starling.Client.Core.Payloads;

namespace Starling.Client.Tests;

public sealed class PayloadTests
{
    private readonly PayloadCodec _codec = new([MqttJson.For(AppJson.Default), new Reversed()]);

    [Fact]
    public void What_is_built_in_is_read_back_to_the_same()
    {
        Gen.Int.Sample(RoundTrips);
        Gen.Long.Sample(RoundTrips);
        Gen.ULong.Sample(RoundTrips);
        Gen.Double.Sample(RoundTrips);
        Gen.Float.Sample(RoundTrips);
        Gen.Decimal.Sample(RoundTrips);
        Gen.Bool.Sample(RoundTrips);
        Gen.Guid.Sample(RoundTrips);
        Gen.String[Gen.Char.AlphaNumeric, 0, 20].Sample(RoundTrips);
        Gen.Byte.Array[0, 20].Sample(bytes => Assert.Equal(bytes, Read<byte[]>(_codec.Write("t", bytes, new PublishOptions()))));
    }

    [Fact]
    public void Numbers_are_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = comma;
        try
        {
            MqttMessage message = _codec.Write("t", -21.5, new PublishOptions());

            Assert.Equal("-21.5", Encoding.UTF8.GetString(message.Payload.Span));
            Assert.Equal(-21.5, Read<double>(message));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("21,5"), InlineData("x"), InlineData("")]
    public void A_text_that_is_no_number_is_not_taken_for_one(string text) =>
        Assert.False(_codec.TryRead<double>(new MqttMessage { Topic = "t", Payload = Encoding.UTF8.GetBytes(text) }, out _, out _));

    [Fact]
    public void A_number_beyond_its_range_is_none() =>
        Assert.False(_codec.TryRead<byte>(new MqttMessage { Topic = "t", Payload = "256"u8.ToArray() }, out _, out _));

    [Fact]
    public void A_listed_type_is_JSON_with_its_Content_Type()
    {
        MqttMessage message = _codec.Write("t", new Order(7, "x"), new PublishOptions());

        Assert.Equal(("application/json", "{\"Id\":7,\"Name\":\"x\"}"), (message.ContentType, Encoding.UTF8.GetString(message.Payload.Span)));
        Assert.Equal(new Order(7, "x"), Read<Order>(message));
    }

    [Fact]
    public void The_Content_Type_chooses_before_the_type_does()
    {
        MqttMessage message = _codec.Write("t", new Order(7, "x"), new PublishOptions { ContentType = "text/reversed; v=1" });

        Assert.Equal("reversed 7", Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(new Order(7, "reversed"), Read<Order>(message));
    }

    [Fact]
    public void Text_and_bytes_are_the_payload_whatever_the_Content_Type()
    {
        MqttMessage message = _codec.Write("t", new Order(7, "x"), new PublishOptions());

        Assert.StartsWith("{", Read<string>(message), StringComparison.Ordinal);
        Assert.Equal(message.Payload.ToArray(), Read<byte[]>(message));
        Assert.Null(_codec.Write("t", "text", new PublishOptions()).ContentType);
    }

    [Fact]
    public void A_type_that_nobody_knows_says_which_line_to_add()
    {
        MqttSerializationException fault = Assert.Throws<MqttSerializationException>(_codec.Require<StringBuilder>);

        Assert.Contains("options.Serializers.Add(MqttJson.For(AppJson.Default))", fault.Message, StringComparison.Ordinal);
        Assert.Contains("[JsonSerializable(typeof(StringBuilder))]", fault.Message, StringComparison.Ordinal);
        Assert.Throws<MqttSerializationException>(() => _codec.Write("t", new StringBuilder(), new PublishOptions()));
    }

    [Fact]
    public void What_cannot_be_written_is_a_fault_of_serialization()
    {
        Assert.Throws<MqttSerializationException>(() => _codec.Write("t", "\ud800", new PublishOptions()));
        Assert.Throws<ArgumentNullException>(() => _codec.Write<string?>("t", null, new PublishOptions()));
    }

    [Theory]
    [InlineData("null"), InlineData("{"), InlineData("")]
    public void JSON_that_is_none_of_the_type_is_poison(string text) =>
        Assert.False(_codec.TryRead<Order>(new MqttMessage { Topic = "t", Payload = Encoding.UTF8.GetBytes(text) }, out _, out _));

    private void RoundTrips<T>(T value) => Assert.Equal(value, Read<T>(_codec.Write("t", value, new PublishOptions())));

    private T Read<T>(MqttMessage message) => _codec.TryRead<T>(message, out T? value, out Exception? fault) ? value : throw fault;

    private sealed class Reversed : IMqttSerializer
    {
        public string ContentType => "text/reversed";

        public bool Handles(Type type) => type == typeof(Order);

        public void Write<T>(IBufferWriter<byte> to, T value) => to.Write(Encoding.UTF8.GetBytes($"reversed {(value as Order)?.Id}"));

        public T Read<T>(ReadOnlySpan<byte> from) =>
            new Order(int.Parse(from[^1..], CultureInfo.InvariantCulture), "reversed") is T order ? order : throw new NotSupportedException();
    }
}
