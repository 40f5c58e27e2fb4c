using System.Text.Json;
using Starling.Cli.Flags;
using Starling.Hosting.Settings;

namespace Starling.Cli.Contexts;

/// <summary>Reads the file of contexts; what is wrong in it is named with its line.</summary>
internal sealed class ContextParser(string path, byte[] bytes)
{
    public const string VersionKey = "version";
    public const string CurrentKey = "current";
    public const string ContextsKey = "contexts";
    public const int Version = 1;

    private readonly List<SavedContext> _contexts = [];
    private string? _current;

    /// <exception cref="ContextException">It is something else.</exception>
    public ContextSet Parse()
    {
        try
        {
            Utf8JsonReader reader = new(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            ParseFile(ref reader);
        }
        catch (JsonException e)
        {
            throw Wrong((e.LineNumber ?? 0) + 1, "this is no JSON");
        }

        if (_current is not null && !_contexts.Any(context => context.Name == _current))
        {
            throw Wrong(1, $"\"{CurrentKey}\" names {_current}, and there is no such context");
        }

        return new ContextSet(_current, _contexts);
    }

    private void ParseFile(ref Utf8JsonReader reader)
    {
        reader.Read();
        Require(ref reader, JsonTokenType.StartObject, "an object");
        while (Next(ref reader) is string key)
        {
            reader.Read();
            switch (key)
            {
                case VersionKey when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) && version == Version:
                    break;
                case VersionKey:
                    throw Wrong(LineOf(ref reader), $"\"{VersionKey}\" is not {Version}, the only one that this version of starling knows");
                case CurrentKey when reader.TokenType is JsonTokenType.Null or JsonTokenType.String:
                    _current = reader.GetString();
                    break;
                case ContextsKey:
                    ParseContexts(ref reader);
                    break;
                default:
                    throw Wrong(LineOf(ref reader), $"\"{key}\" with such a value is not known here; there are {VersionKey}, {CurrentKey} and {ContextsKey}");
            }
        }

        reader.Read();
    }

    private void ParseContexts(ref Utf8JsonReader reader)
    {
        Require(ref reader, JsonTokenType.StartObject, "an object of contexts");
        while (Next(ref reader) is string name)
        {
            if (!SavedContext.IsName(name) || _contexts.Any(context => context.Name == name))
            {
                throw Wrong(LineOf(ref reader), $"\"{name}\" is twice here or no name for a context: {SavedContext.NameRule}");
            }

            reader.Read();
            _contexts.Add(ParseContext(ref reader, name));
        }
    }

    private SavedContext ParseContext(ref Utf8JsonReader reader, string name)
    {
        Require(ref reader, JsonTokenType.StartObject, "an object of flags");
        Dictionary<string, string?> flags = [];
        while (Next(ref reader) is string flag)
        {
            long line = LineOf(ref reader);
            if (!ContextFlags.Known.TryGetValue(flag, out bool isSwitch))
            {
                string hint = NearestName.Of(flag, ContextFlags.Known.Keys) is string meant ? $"; did you mean \"{meant}\"?" : "";
                throw Wrong(line, $"context {name} has \"{flag}\", which is no flag of a connection{hint}");
            }

            reader.Read();
            JsonTokenType wanted = isSwitch ? JsonTokenType.True : JsonTokenType.String;
            Require(ref reader, wanted, isSwitch ? "true; leave it out for false" : "text in quotes");
            if (!flags.TryAdd(flag, isSwitch ? null : reader.GetString()))
            {
                throw Wrong(line, $"context {name} has \"{flag}\" twice");
            }
        }

        return new SavedContext(name, flags);
    }

    // The next name in an object; null at its end.
    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private void Require(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
        {
            throw Wrong(LineOf(ref reader), $"this must be {what}");
        }
    }

    private long LineOf(ref Utf8JsonReader reader) => 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');

    private ContextException Wrong(long line, string what) =>
        new($"the contexts in {path} cannot be used; line {line}: {what}. Mend the line, or remove the file and add the contexts again.");
}
