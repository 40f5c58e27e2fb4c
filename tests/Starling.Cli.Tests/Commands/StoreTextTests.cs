using Starling.Cli.Commands;
using Starling.Storage;

namespace Starling.Cli.Tests.Commands;

public sealed class StoreTextTests
{
    [Fact]
    public void Whole_directory_is_said_in_two_lines() => Assert.Equal(
        "3 files, 1.5 MiB and 12 records were read.\nNo damage was found.",
        StoreText.Of(new StoreReport([]) { Files = 3, Bytes = 3 << 19, Records = 12 }));

    [Fact]
    public void Every_finding_is_a_line_with_file_and_offset() => Assert.Equal(
        """
        log/1.seg, offset 64: its checksum is wrong
        ckpt/2.ckp, offset 0: it is cut off
        2 files, 10 B and 1 records were read.
        2 places are damaged: restore a backup, or save what can be saved with `starling store repair`.
        """,
        StoreText.Of(new StoreReport([new("log/1.seg", 64, "its checksum is wrong"), new("ckpt/2.ckp", 0, "it is cut off")])
        {
            Files = 2,
            Bytes = 10,
            Records = 1,
        }));

    [Fact]
    public void Unfinished_commit_is_no_damage()
    {
        string text = StoreText.Of(new StoreReport([]) { UnfinishedCommit = new StoreFinding("log/1.seg", 640, "cut") });

        Assert.StartsWith("log/1.seg, offset 640: an unfinished commit", text, StringComparison.Ordinal);
        Assert.EndsWith("No damage was found.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Repair_says_what_was_saved_what_was_lost_and_where_the_rest_is()
    {
        string text = StoreText.Of(
            new RepairReport
            {
                Findings = [new StoreFinding("log/1.seg", 64, "its checksum is wrong")],
                Saved = new ImportReport { Sessions = 1, Subscriptions = 2, Messages = 3, Retained = 4, Wills = 5 },
                LostMessages = 6,
                LostRetained = 7,
                Folder = "repair-x",
            },
            "/data");

        Assert.Equal(
            """
            log/1.seg, offset 64: its checksum is wrong
            Saved: 1 sessions, 2 subscriptions, 3 queued messages, 4 retained messages, 5 wills.
            Lost, as far as can be told: 6 queued messages, 7 retained messages.
            The damaged files and a report are in /data/repair-x.
            """,
            text);
    }

    [Fact]
    public void Repair_of_a_whole_directory_says_that_nothing_was_changed() =>
        Assert.Equal("No damage was found, and nothing was changed.", StoreText.Of(new RepairReport { Findings = [] }, "/data"));
}
