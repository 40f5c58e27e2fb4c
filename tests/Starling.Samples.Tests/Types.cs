using System.Text.Json.Serialization;
using Starling.Client;

namespace Starling.Samples.Tests;

internal sealed record Order(int Id);

internal sealed record Receipt(int OrderId);

// sample 9
[JsonSerializable(typeof(Reading))]
internal sealed partial class AppJson : JsonSerializerContext;

internal sealed record Reading(double Celsius);

internal sealed class TempHandler(IMqttClient mqtt) : IMqttHandler<Reading>
{
    public async ValueTask HandleAsync(MqttDelivery<Reading> delivery, CancellationToken ct)
    {
        if (delivery.Value.Celsius > 80)
        {
            await mqtt.PublishAsync($"alarms/{delivery["id"]}", delivery.Value, ct: ct);
        }
    }
}
// end

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class OrderJson : JsonSerializerContext;
