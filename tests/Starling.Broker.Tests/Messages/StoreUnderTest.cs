using System.Text;
using Starling.Broker.Messages;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Broker.Tests.Messages;

/// <summary>A message store whose memory can be asked for.</summary>
internal sealed class StoreUnderTest
{
    private readonly MemoryAccount _account;

    public StoreUnderTest()
    {
        _account = new MemoryBudget(1L << 30).OpenAccount();
        Store = new MessageStore();
        Store.Start(new BufferPool(_account, 1 << 20));
    }

    public MessageStore Store { get; }

    /// <summary>Bytes that the store holds at all.</summary>
    public long HeldBytes => _account.Bytes;

    /// <summary>Bytes that the store holds because somebody refers to them.</summary>
    public long ReferredBytes
    {
        get
        {
            Store.Trim();
            return _account.Bytes;
        }
    }

    public string TextOf(StoredMessage message) => Encoding.UTF8.GetString(Store.Read(message).Payload);

    public StoredMessage Add(string payload) => Store.Add(new Message
    {
        Topic = "a/b"u8,
        Payload = Encoding.UTF8.GetBytes(payload),
        Qos = QualityOfService.AtLeastOnce,
        ExpiresAtUtcMilliseconds = long.MaxValue,
    });

    public StoredMessage AddOfSize(int payloadBytes) => Store.Add(new Message { Topic = "t"u8, Payload = new byte[payloadBytes] });
}
