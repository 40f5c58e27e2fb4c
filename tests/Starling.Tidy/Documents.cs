using System.Text.RegularExpressions;

namespace Starling.Tidy;

/// <summary>Documents and other tracked text: links resolve, nothing names a machine, the change log and the records have their form.</summary>
internal static partial class Documents
{
    private static readonly string[] ChangeSections = ["Safety and speed", "Features", "Internals"];
    private static readonly string[] RecordSections = ["Context", "Decision", "Consequences"];

    public static IEnumerable<Offence> CheckLinks(SourceFile document, IReadOnlyCollection<SourceFile> files)
    {
        foreach ((int number, string line) in Prose(document))
        {
            foreach (Match match in Link().Matches(InlineCode().Replace(line, "")))
            {
                string target = match.Groups["target"].Value;
                if (!target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                    && Broken(document, target, files) is { } reason)
                {
                    yield return document.AtLine(number, $"the link to {target} is broken: {reason}");
                }
            }
        }
    }

    public static IEnumerable<Offence> CheckPlaces(SourceFile file)
    {
        if (file.Path.EndsWith("package-lock.json", StringComparison.Ordinal))
        {
            yield break;
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (MachinePlace().IsMatch(file.Lines[i]))
            {
                yield return file.AtLine(i + 1, "no paths of one machine and no hosts of registries in tracked files");
            }
        }
    }

    /// <summary>Versions, newest first, each with its sections in order: safety and speed, features, internals.</summary>
    public static IEnumerable<Offence> CheckChangeLog(SourceFile log)
    {
        if (log.Lines[0] != "# Changelog")
        {
            yield return log.AtLine(1, "the first line must be '# Changelog'");
        }

        int section = -1;
        bool inVersion = false;
        for (int i = 0; i < log.Lines.Length; i++)
        {
            string line = log.Lines[i];
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                (section, inVersion) = (-1, true);
                if (!VersionHeading().IsMatch(line))
                {
                    yield return log.AtLine(i + 1, "a version is '## 1.2.3, 2026-01-31' or '## 1.2.3, not released'");
                }
            }
            else if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                int next = Array.IndexOf(ChangeSections, line[4..]);
                if (next <= section || !inVersion)
                {
                    yield return log.AtLine(i + 1, $"sections of a version, in this order: {string.Join(", ", ChangeSections)}");
                }

                section = next;
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal) && section < 0)
            {
                yield return log.AtLine(i + 1, "an entry stands in a section of a version");
            }
        }
    }

    public static IEnumerable<Offence> CheckRecord(SourceFile record, SourceFile index)
    {
        string name = Path.GetFileName(record.Path);
        if (!RecordName().IsMatch(name))
        {
            yield return record.AtLine(1, "a record is named NNNN-title-in-small-letters.md");
            yield break;
        }

        if (!record.Lines[0].StartsWith($"# {name[..4]} ", StringComparison.Ordinal))
        {
            yield return record.AtLine(1, $"the first line must be '# {name[..4]} Title'");
        }

        foreach (string section in RecordSections.Where(section => !record.Lines.Contains($"## {section}")))
        {
            yield return record.AtLine(1, $"the section '## {section}' is missing");
        }

        if (!index.Text.Contains($"({name})", StringComparison.Ordinal))
        {
            yield return index.AtLine(1, $"{name} is not in the list");
        }
    }

    public static IEnumerable<Offence> CheckRecordNumbers(IEnumerable<SourceFile> records) =>
        from record in records
        group record by Path.GetFileName(record.Path)[..4] into same
        where same.Count() > 1
        select same.Last().AtLine(1, $"two records have the number {same.Key}");

    /// <summary>The anchor that GitHub makes of a heading.</summary>
    public static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string? Broken(SourceFile document, string target, IReadOnlyCollection<SourceFile> files)
    {
        string[] parts = target.Split('#', 2);
        string folder = Path.GetDirectoryName(document.Path) ?? "";
        string path = parts[0].Length == 0
            ? document.Path
            : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, parts[0]))).Replace('\\', '/').TrimEnd('/');
        SourceFile? found = files.FirstOrDefault(file => file.Path == path);
        if (found is null)
        {
            return parts.Length == 1 && files.Any(file => file.Path.StartsWith(path + "/", StringComparison.Ordinal)) ? null : "no such file";
        }

        return parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)
            || Prose(found).Any(line => line.Text.StartsWith('#') && Anchor(line.Text.TrimStart('#')) == parts[1])
                ? null
                : "no such heading";
    }

    /// <summary>The lines outside of fenced code, with their numbers from 1.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(SourceFile document)
    {
        bool fenced = false;
        for (int i = 0; i < document.Lines.Length; i++)
        {
            if (document.Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if (!fenced)
            {
                yield return (i + 1, document.Lines[i]);
            }
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.CultureInvariant)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"(^|[^A-Za-z0-9_.])/(work|root)/|/tmp/h/|\.\./shared\b|nuget[.]org/v3|npmjs[.]org|deb[.]debian", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePlace();

    [GeneratedRegex(@"^## \d+\.\d+\.\d+, (\d{4}-\d{2}-\d{2}|not released)$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionHeading();

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$", RegexOptions.CultureInvariant)]
    private static partial Regex RecordName();
}
