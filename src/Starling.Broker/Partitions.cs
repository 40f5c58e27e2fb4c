using System.IO.Hashing;
using System.Text;
using Starling.Broker.Shards;

namespace Starling.Broker;

/// <summary>
/// The 256 virtual partitions of sessions. The partition of a Client Identifier is fixed for ever, because data directories and clusters name it;
/// which shard has it depends on the number of shards.
/// </summary>
internal sealed class Partitions(int shards)
{
    public const int Count = 256;

    private const string AssignedAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int AssignedCharacters = 22;

    /// <summary>XxHash3 of tenant (empty today), 0x00, Client Identifier in UTF-8; modulo 256.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> clientIdentifier)
    {
        Span<byte> key = clientIdentifier.Length < 512 ? stackalloc byte[clientIdentifier.Length + 1] : new byte[clientIdentifier.Length + 1];
        key[0] = 0;
        clientIdentifier.CopyTo(key[1..]);
        return (int)(XxHash3.HashToUInt64(key) % Count);
    }

    public int ShardOf(ReadOnlySpan<byte> clientIdentifier) => PartitionOf(clientIdentifier) % shards;

    /// <summary>A new Client Identifier that belongs to the asking shard and is not in use [MQTT-3.2.2-16].</summary>
    public string Assign(Shard shard)
    {
        Span<char> characters = stackalloc char[AssignedCharacters];
        Span<byte> bytes = stackalloc byte[AssignedCharacters];
        while (true)
        {
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = AssignedAlphabet[shard.Random.Next(AssignedAlphabet.Length)];
            }

            Encoding.ASCII.GetBytes(characters, bytes);
            if (ShardOf(bytes) != shard.Index)
            {
                continue;
            }

            string identifier = new(characters);
            if (shard.Sessions.Find(identifier) is null)
            {
                return identifier;
            }
        }
    }
}
