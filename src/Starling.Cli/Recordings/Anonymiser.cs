using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Starling.Client;

namespace Starling.Cli.Recordings;

/// <summary>
/// Replaces topics, texts and payloads by others of the same size: the same is always replaced by the same, and different levels by
/// different ones. The key is forgotten with the run. Not for several threads.
/// </summary>
/// <param name="key">Secret, 32 bytes.</param>
internal sealed class Anonymiser(byte[] key)
{
    // Longer replacements are never the same by chance; of shorter ones each is given once.
    private const int RememberedBytesMax = 12;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    // For levels of one byte, of which there may be more than letters and digits.
    private const string MoreLetters = Letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:,;!?=*~@%&()[]{}<>|^'\"`\\ ";

    private readonly Dictionary<string, string> _levels = [];
    private readonly HashSet<string> _taken = [];

    public MqttMessage Replace(MqttMessage message) => message with
    {
        Topic = ReplaceTopic(message.Topic),
        Payload = ReplaceBytes(message.Payload.Span),
        ContentType = message.ContentType is null ? null : ReplaceText(message.ContentType),
        ResponseTopic = message.ResponseTopic is null ? null : ReplaceTopic(message.ResponseTopic),
        CorrelationData = ReplaceBytes(message.CorrelationData.Span),
        UserProperties = UserProperties.Create([.. message.UserProperties.Select(property => new UserProperty(ReplaceText(property.Name), ReplaceText(property.Value)))]),
    };

    /// <summary>Each level by another one; the number of levels, and a $ at the begin, stay.</summary>
    public string ReplaceTopic(string topic)
    {
        string start = topic.StartsWith('$') ? "$" : "";
        return start + string.Join('/', topic[start.Length..].Split('/').Select(ReplaceLevel));
    }

    private string ReplaceLevel(string level)
    {
        int size = Encoding.UTF8.GetByteCount(level);
        if (size is 0 or > RememberedBytesMax)
        {
            return ReplaceText(level);
        }

        if (_levels.TryGetValue(level, out string? known))
        {
            return known;
        }

        string replacement = FindFree(level, size);
        _taken.Add(replacement);
        _levels.Add(level, replacement);
        return replacement;
    }

    private string FindFree(string level, int size)
    {
        // As good as always the first try is free; where few texts of this size are left, each is tried in turn.
        for (int attempt = 0; attempt < Letters.Length; attempt++)
        {
            string tried = Spell(Letters, Digest($"{attempt} {level}"), size);
            if (!_taken.Contains(tried))
            {
                return tried;
            }
        }

        IEnumerable<string> all = MoreLetters.SelectMany(first => size == 1 ? [$"{first}"] : MoreLetters.Select(second => $"{first}{second}{new string('a', size - 2)}"));

        // So many different levels of one byte that no text of one byte is left: the next size has enough.
        return all.FirstOrDefault(text => !_taken.Contains(text)) ?? FindFree(level, size + 1);
    }

    private string ReplaceText(string text) => Spell(Letters, Digest(text), Encoding.UTF8.GetByteCount(text));

    private byte[] ReplaceBytes(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? [] : Encoding.ASCII.GetBytes(Spell(Letters, HMACSHA256.HashData(key, bytes), bytes.Length));

    private byte[] Digest(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    // As many letters as asked for, all of them made of the digest.
    private static string Spell(string letters, byte[] digest, int count) => string.Create(count, (letters, digest), static (target, source) =>
    {
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> seed = stackalloc byte[SHA256.HashSizeInBytes + sizeof(int)];
        source.digest.CopyTo(seed);
        for (int i = 0; i < target.Length; i++)
        {
            int place = i % (SHA256.HashSizeInBytes / sizeof(ushort));
            if (place == 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(seed[SHA256.HashSizeInBytes..], i);
                SHA256.HashData(seed, block);
            }

            target[i] = source.letters[BinaryPrimitives.ReadUInt16LittleEndian(block[(place * sizeof(ushort))..]) % source.letters.Length];
        }
    });
}
