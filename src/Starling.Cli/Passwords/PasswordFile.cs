using System.Text;

namespace Starling.Cli.Passwords;

/// <summary>A password file of mosquitto: one <c>user:hash</c> in a line. Comments and empty lines stay where they are.</summary>
internal sealed class PasswordFile
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _lines;

    private PasswordFile(IEnumerable<string> lines) => _lines = [.. lines];

    /// <summary>The number of the first line that is neither an entry nor a comment; 0 when all are.</summary>
    public int BrokenLine => _lines.FindIndex(static line => !IsComment(line) && !IsEntry(line)) + 1;

    /// <summary>The number of the first line that is no entry; 0 when all are.</summary>
    public int FirstOtherLine => _lines.FindIndex(static line => !IsEntry(line)) + 1;

    public static PasswordFile CreateEmpty() => new([]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="DecoderFallbackException">It is no UTF-8.</exception>
    public static PasswordFile Read(string path) => new(File.ReadAllLines(path, Encoding));

    /// <summary>Gives a user this hash; a new user comes last.</summary>
    public void Set(string user, string hash)
    {
        int index = FindUser(user);
        if (index < 0)
        {
            _lines.Add($"{user}:{hash}");
        }
        else
        {
            _lines[index] = $"{user}:{hash}";
        }
    }

    /// <summary>Takes a user out.</summary>
    /// <returns>Whether the user was there.</returns>
    public bool Remove(string user) => _lines.RemoveAll(line => IsOf(line, user)) > 0;

    /// <summary>The hash of a user; null when there is no such user.</summary>
    public string? Find(string user)
    {
        int index = FindUser(user);
        return index < 0 ? null : _lines[index][(user.Length + 1)..];
    }

    /// <summary>Hashes what stands there in plain text; hashes stay, or nobody could log in any more.</summary>
    /// <returns>How many were hashed.</returns>
    public int HashPlain(Func<string, string> hash)
    {
        int count = 0;
        for (int i = 0; i < _lines.Count; i++)
        {
            int colon = _lines[i].IndexOf(':', StringComparison.Ordinal);
            if (!IsComment(_lines[i]) && colon >= 0 && !PasswordHash.IsHash(_lines[i][(colon + 1)..]))
            {
                _lines[i] = $"{_lines[i][..colon]}:{hash(_lines[i][(colon + 1)..])}";
                count++;
            }
        }

        return count;
    }

    /// <summary>Replaces a file as a whole: whoever reads it meanwhile sees the old or the new one. Mode and owner stay; a new one is its owner's.</summary>
    /// <exception cref="IOException">It cannot be written; the old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Save(string path)
    {
        // A link stays one: what it points to is replaced.
        string target = (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);
        string temporary = $"{target}.{Environment.ProcessId}.new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (FileStream stream = new(temporary, options))
            {
                stream.Write(Encoding.GetBytes(string.Concat(_lines.Select(static line => line + "\n"))));
                stream.Flush(flushToDisk: true);
            }

            if (File.Exists(target))
            {
                FileOwner.Copy(target, temporary);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private int FindUser(string user) => _lines.FindIndex(line => IsOf(line, user));

    private static bool IsOf(string line, string user) =>
        line.Length > user.Length && line[user.Length] == ':' && line.StartsWith(user, StringComparison.Ordinal);

    private static bool IsComment(string line) => line.Length == 0 || line[0] == '#';

    private static bool IsEntry(string line) => line.IndexOf(':', StringComparison.Ordinal) > 0;
}
