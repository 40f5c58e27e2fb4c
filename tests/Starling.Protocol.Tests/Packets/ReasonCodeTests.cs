namespace Starling.Protocol.Tests.Packets;

public sealed class ReasonCodeTests
{
    private const string PublishCodes = "00 10 80 83 87 90 91 97 99";
    private const string ReleaseCodes = "00 92";

    private const string DisconnectCodes =
        "00 04 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2";

    [Theory]
    [InlineData("20 03 00 ?? 00", "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F", "MQTT-3.2.2-8")]
    [InlineData("40 03 0001 ??", PublishCodes, "MQTT-3.4.2-1"), InlineData("50 03 0001 ??", PublishCodes, "MQTT-3.5.2-1")]
    [InlineData("62 03 0001 ??", ReleaseCodes, "MQTT-3.6.2-1"), InlineData("70 03 0001 ??", ReleaseCodes, "MQTT-3.7.2-1")]
    [InlineData("90 04 0001 00 ??", "00 01 02 80 83 87 8F 91 97 9E A1 A2", "MQTT-3.9.3-2")]
    [InlineData("B0 04 0001 00 ??", "00 11 80 83 87 8F 91", "MQTT-3.11.3-2")]
    [InlineData("E0 01 ??", DisconnectCodes, "MQTT-3.14.2-1"), InlineData("F0 02 ?? 00", "00 18 19", "MQTT-3.15.2-1")]
    [Statement("MQTT-3.2.2-8"), Statement("MQTT-3.4.2-1"), Statement("MQTT-3.5.2-1"), Statement("MQTT-3.6.2-1"), Statement("MQTT-3.7.2-1")]
    [Statement("MQTT-3.9.3-2"), Statement("MQTT-3.11.3-2"), Statement("MQTT-3.14.2-1"), Statement("MQTT-3.15.2-1")]
    public void Each_packet_takes_the_codes_of_its_table_and_no_others(string packet, string allowedCodes, string statement)
    {
        byte[] allowed = Wire.Bytes(allowedCodes);
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            Verdict verdict = Verdict.Of(packet.Replace("??", code.ToString("X2", null), StringComparison.Ordinal), MqttVersion.V5);

            Assert.Equal(allowed.Contains((byte)code) ? null : statement, verdict.Statement);
        }
    }
}
