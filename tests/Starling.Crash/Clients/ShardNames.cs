using System.IO.Hashing;
using System.Text;

namespace Starling.Crash.Clients;

/// <summary>Client identifiers on the shards that a trial wants: the partition is XxHash3 of 0x00 and the identifier, modulo 256.</summary>
internal static class ShardNames
{
    private const int Partitions = 256;

    /// <summary>An identifier that begins with the prefix and whose partition is <paramref name="shard"/> modulo <paramref name="shards"/>.</summary>
    public static string Make(string prefix, int shard, int shards)
    {
        for (int suffix = 0; ; suffix++)
        {
            string name = $"{prefix}-{suffix}";
            if (XxHash3.HashToUInt64([0, .. Encoding.UTF8.GetBytes(name)]) % Partitions % (ulong)shards == (ulong)shard)
            {
                return name;
            }
        }
    }
}
