using System.Text;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary>What the tools of the store found, in words.</summary>
internal static class StoreText
{
    public static string Of(StoreReport report)
    {
        StringBuilder text = new();
        foreach (StoreFinding finding in report.Findings)
        {
            text.Append(finding.File).Append(", offset ").Append(finding.Offset).Append(": ").Append(finding.Message).Append('\n');
        }

        return text.Append(report.Findings.Count == 0 ? "No damage was found." : $"{report.Findings.Count} places are damaged.").ToString();
    }

    public static string Of(StoreInfo info) => info.ToString();

    public static string Of(ImportReport report) => report.ToString();

    public static string Of(RepairReport report) => report.ToString();
}
