using System.Net;
using Starling.Conformance.Running;

namespace Starling.Conformance.Reports;

/// <summary>Writes HTML: markup of ours as it is, everything else escaped.</summary>
internal sealed class HtmlText(TextWriter output)
{
    /// <summary>Markup of ours.</summary>
    public HtmlText Raw(string markup)
    {
        output.Write(markup);
        return this;
    }

    /// <summary>Text of any origin.</summary>
    public HtmlText Text(string text)
    {
        output.Write(WebUtility.HtmlEncode(Printable.Of(text)));
        return this;
    }

    /// <summary>A part of the page that is kept as a file of its own.</summary>
    public static string Resource(string name)
    {
        using Stream stream = typeof(HtmlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Where a link to a chapter leads.</summary>
    public static string AnchorOf(Chapter chapter) =>
        $"v{Greeting.NameOf(chapter.Version)}-{(chapter.Number.Length == 0 ? "other" : chapter.Number)}";
}
