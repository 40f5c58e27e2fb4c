using System.Buffers;
using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class VariableByteIntegerTests
{
    [Theory]
    [InlineData(0, "00"), InlineData(127, "7F"), InlineData(128, "8001"), InlineData(16383, "FF7F"), InlineData(16384, "808001")]
    [InlineData(2097151, "FFFF7F"), InlineData(2097152, "80808001"), InlineData(268435455, "FFFFFF7F")]
    [Statement("MQTT-1.5.5-1")]
    public void The_shortest_form_is_written(uint value, string hex)
    {
        byte[] bytes = new byte[VariableByteInteger.BytesMax];

        Assert.Equal(hex, Convert.ToHexString(bytes, 0, VariableByteInteger.Write(bytes, value)));
    }

    [Fact]
    public void What_is_written_is_read() => Gen.UInt[0, VariableByteInteger.MaxValue].Sample(value =>
    {
        byte[] bytes = new byte[VariableByteInteger.BytesMax];
        int written = VariableByteInteger.Write(bytes, value);

        Assert.Equal(OperationStatus.Done, VariableByteInteger.TryRead(bytes.AsSpan(0, written), out uint read, out int bytesRead));
        Assert.Equal((value, written, written), (read, bytesRead, VariableByteInteger.GetByteCount(value)));
    });

    [Theory]
    [InlineData(""), InlineData("80"), InlineData("FFFF"), InlineData("808080")]
    public void A_number_that_is_cut_off_needs_more(string hex) =>
        Assert.Equal(OperationStatus.NeedMoreData, VariableByteInteger.TryRead(Convert.FromHexString(hex), out _, out _));

    [Theory]
    [InlineData("80808080"), InlineData("FFFFFFFF01")]
    [Statement("U5-02")]
    public void A_fourth_byte_that_announces_a_fifth_is_refused(string hex) =>
        Assert.Equal(OperationStatus.InvalidData, VariableByteInteger.TryRead(Convert.FromHexString(hex), out _, out _));
}
