namespace Starling.Cli.Help;

/// <summary>The pages of the help that are about no single command.</summary>
internal static class HelpTopics
{
    public static readonly IReadOnlyList<HelpTopic> All =
    [
        new("exit-codes", "Exit codes", ExitCode.Tables),
        new("environment", "Environment variables", VariableNames.Tables),
    ];

    public static HelpTopic? Find(string name) => All.FirstOrDefault(topic => topic.Name == name);
}
