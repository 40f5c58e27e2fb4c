using CsCheck;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What goes to a client with a small Receive Maximum, packet by packet, beside a plain list of deliveries.</summary>
public sealed class ReceiveWindowModelTests
{
    [Fact]
    [Statement("MQTT-3.3.4-9")]
    [Statement("MQTT-4.9.0-2")]
    public void Each_step_brings_the_packets_that_a_plain_list_says() =>
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 99]).Array[1, 60]).Sample(
            (receiveMaximum, steps) =>
            {
                Run run = new(receiveMaximum);
                foreach ((int operation, int choice) in steps)
                {
                    run.Do(operation, choice);
                }
            },
            iter: 400,
            threads: 1);

    private sealed class Run
    {
        private readonly BrokerHarness _broker = new();
        private readonly List<Delivery> _deliveries = [];
        private readonly int _receiveMaximum;
        private readonly TestClient _publisher;
        private TestClient _subscriber;
        private int _published;

        public Run(int receiveMaximum)
        {
            _receiveMaximum = receiveMaximum;
            _publisher = _broker.Connect("p");
            _subscriber = Connect();
            _subscriber.Subscribe("t", 2);
        }

        public void Do(int operation, int choice)
        {
            List<Expected> expected = operation switch
            {
                <= 3 => Publish(1 + (choice % 2)),
                <= 8 => Answer(choice),
                _ => Reconnect(),
            };
            SendWhatFits(expected);
            List<ReceivedPacket> came = _subscriber.ReadAll();
            Assert.Equal(expected.Select(one => one.Text), came.Select(Describe));
            for (int i = 0; i < came.Count; i++)
            {
                CheckIdentifier(expected[i].Delivery, came[i].PacketIdentifier);
            }

            Assert.InRange(_deliveries.Count(one => one.IsOpen), 0, _receiveMaximum);
        }

        private static string Describe(ReceivedPacket packet) =>
            packet.Type == PacketType.Publish ? $"{packet.Text} QoS {(int)packet.Qos}{(packet.Duplicate ? " DUP" : "")}" : $"{packet.Type} {packet.Reason}";

        private List<Expected> Publish(int qos)
        {
            string text = $"message {_published++}";
            _publisher.PublishWhole("t", text, qos);
            _deliveries.Add(new Delivery { Text = text, Qos = qos });
            return [];
        }

        private List<Expected> Answer(int choice)
        {
            Delivery[] sent = [.. _deliveries.Where(one => one.WasSent)];
            if (sent.Length == 0)
            {
                return [];
            }

            Delivery delivery = sent[choice % sent.Length];
            bool isRefused = choice % 7 == 0;
            if (delivery.Qos == 1)
            {
                _subscriber.PubAck(delivery.PacketIdentifier, isRefused ? ReasonCode.QuotaExceeded : ReasonCode.Success);
                _deliveries.Remove(delivery);
                return [];
            }

            if (delivery.IsReleased && choice % 3 != 0)
            {
                _subscriber.PubComp(delivery.PacketIdentifier);
                _deliveries.Remove(delivery);
                return [];
            }

            if (isRefused && !delivery.IsReleased)
            {
                _subscriber.PubRec(delivery.PacketIdentifier, ReasonCode.QuotaExceeded);
                _deliveries.Remove(delivery);
                return [];
            }

            // A successful PUBREC, even a repeated one, brings PUBREL, and leaves the place in the window taken.
            _subscriber.PubRec(delivery.PacketIdentifier);
            delivery.IsReleased = true;
            return [new Expected(delivery, "PubRel Success")];
        }

        private List<Expected> Reconnect()
        {
            _subscriber.Cut();
            _subscriber = Connect();
            List<Expected> expected = [];
            foreach (Delivery delivery in _deliveries.Where(one => one.WasSent))
            {
                delivery.IsOpen = !delivery.IsReleased;
                expected.Add(new Expected(delivery, delivery.IsReleased ? "PubRel Success" : $"{delivery.Text} QoS {delivery.Qos} DUP"));
            }

            return expected;
        }

        private void SendWhatFits(List<Expected> expected)
        {
            foreach (Delivery delivery in _deliveries.Where(one => !one.WasSent))
            {
                if (_deliveries.Count(one => one.IsOpen) == _receiveMaximum)
                {
                    return;
                }

                delivery.WasSent = true;
                delivery.IsOpen = true;
                expected.Add(new Expected(delivery, $"{delivery.Text} QoS {delivery.Qos}"));
            }
        }

        /// <summary>The first packet of a delivery chooses an identifier that no other has; all others keep it.</summary>
        private void CheckIdentifier(Delivery delivery, int packetIdentifier)
        {
            if (delivery.PacketIdentifier == 0)
            {
                Assert.DoesNotContain(_deliveries, one => one.PacketIdentifier == packetIdentifier);
                delivery.PacketIdentifier = packetIdentifier;
            }

            Assert.Equal(delivery.PacketIdentifier, packetIdentifier);
        }

        private TestClient Connect()
        {
            TestClient client = _broker.Open();
            ConnectPacket packet = client.NewConnect("s", false, uint.MaxValue);
            packet.ReceiveMaximum = (ushort)_receiveMaximum;
            client.Connect(packet);
            return client;
        }
    }

    private sealed record Expected(Delivery Delivery, string Text);

    private sealed class Delivery
    {
        public required string Text { get; init; }

        public required int Qos { get; init; }

        public bool WasSent { get; set; }

        /// <summary>Whether it takes a place of the window on this connection.</summary>
        public bool IsOpen { get; set; }

        public bool IsReleased { get; set; }

        public int PacketIdentifier { get; set; }
    }
}
