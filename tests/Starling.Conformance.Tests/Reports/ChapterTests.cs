using Starling.Conformance.Reports;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Reports;

public sealed class ChapterTests
{
    [Theory]
    [InlineData("MQTT-3.3.1-2", "MQTT 5.0, 3.3 PUBLISH")]
    [InlineData("MQTT311-4.8.0-1", "MQTT 3.1.1, 4.8 Handling errors")]
    [InlineData("U5-04", "MQTT 5.0, Rules without a number")]
    [InlineData("MQTT31-1", "MQTT 3.1, Where 3.1 differs")]
    public void Statements_are_in_the_chapters_of_their_specification(string id, string name) =>
        Assert.Equal(name, Chapter.Of(Find(id)).FullName);

    [Fact]
    public void No_chapter_has_two_titles_in_one_version() => Assert.Empty(
        StatementTable.All.Select(Chapter.Of).Distinct().GroupBy(chapter => (chapter.Version, chapter.Number)).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Chapters_follow_each_other_in_one_piece()
    {
        List<Chapter> runs = [];
        foreach (Chapter chapter in StatementTable.All.Select(Chapter.Of).Where(chapter => runs.Count == 0 || runs[^1] != chapter))
        {
            runs.Add(chapter);
        }

        Assert.Equal(runs.Distinct().Count(), runs.Count);
        Assert.Equal(StatementTable.All.Select(s => s.Version).Distinct(), [MqttVersion.V5, MqttVersion.V311, MqttVersion.V31]);
    }

    private static Statement Find(string id) => StatementTable.Find(id) ?? throw new ArgumentException(id);
}
