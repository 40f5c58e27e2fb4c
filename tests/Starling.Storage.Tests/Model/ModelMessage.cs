using Starling.Protocol;

namespace Starling.Storage.Tests.Model;

/// <summary>A message of the model, with topic, properties and payload in hexadecimal digits.</summary>
internal sealed record ModelMessage(string Content, QualityOfService Qos, bool Retain, long ExpiresAt, ulong Publisher)
{
    public static ModelMessage Create(Operation operation) => new(
        Describe(System.Text.Encoding.UTF8.GetBytes(operation.Topic), operation.Properties, operation.Payload),
        operation.Qos,
        operation.Retain,
        operation.ExpiresAt,
        operation.Session);

    public static string Describe(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties, ReadOnlySpan<byte> payload) =>
        $"{Convert.ToHexString(topic)} {Convert.ToHexString(properties)} {Convert.ToHexString(payload)}";
}
