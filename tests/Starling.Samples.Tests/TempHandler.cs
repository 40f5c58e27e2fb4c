using Starling.Client;

namespace Starling.Samples.Tests;

// sample 9
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
