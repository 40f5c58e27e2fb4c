using System.Globalization;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Tools;

/// <summary>Damage that no crash leaves: refused with file and offset, with nothing changed, and repaired as far as it goes.</summary>
public sealed class CorruptionTests : IDisposable
{
    private readonly StoredData _data = new();

    [Fact]
    public void Damage_in_the_middle_of_the_log_is_refused_with_file_and_offset_and_nothing_is_changed()
    {
        string file = _data.LogFiles[^2];
        StoredData.Flip(file, 200);

        StoreException refused = Refuse();

        Assert.Equal(StoreFailure.Corrupt, refused.Failure);
        Assert.Contains(Path.GetFileName(file), refused.Message, StringComparison.Ordinal);
        Assert.Matches("offset [0-9]+", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Repair_saves_everything_but_the_damaged_record_and_keeps_what_was_there()
    {
        string file = _data.LogFiles[^2];
        StoredData.Flip(file, 200);
        string damaged = TemporaryFolder.Snapshot(_data.Path)[Path.GetRelativePath(_data.Path, file)];

        RepairReport report = StoreTools.Repair(_data.Path, null, TestContext.Current.CancellationToken);

        Assert.Contains(report.Findings, finding => finding.File.EndsWith(Path.GetFileName(file), StringComparison.Ordinal));
        Assert.NotNull(report.Folder);
        Assert.Equal(damaged, TemporaryFolder.Snapshot(Path.Join(_data.Path, report.Folder, "old"))[Path.GetRelativePath(_data.Path, file)]);
        Assert.Contains("offset", File.ReadAllText(Path.Join(_data.Path, report.Folder, "report.txt")), StringComparison.Ordinal);
        Assert.Empty(StoreTools.Verify(_data.Path, null, TestContext.Current.CancellationToken).Findings);

        // One record is lost: whatever it said, most of the rest is as it was.
        string[] expected = _data.Expected.Split('\n');
        string[] found = StoredData.Describe(_data.Path).Split('\n');
        Assert.InRange(expected.Except(found).Count(), 0, 40);
        Assert.True(expected.Length > 400);
    }

    [Fact]
    public void A_message_that_cannot_be_read_is_found_by_verify_and_left_out_by_repair()
    {
        // These files are read by nobody at the start.
        foreach (string file in _data.Files("cold"))
        {
            File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
        }

        StoreReport report = StoreTools.Verify(_data.Path, null, TestContext.Current.CancellationToken);
        Assert.Contains(report.Findings, finding => finding.Message.StartsWith("the message of delivery", StringComparison.Ordinal)
            || finding.Message.StartsWith("the retained message", StringComparison.Ordinal));

        RepairReport repaired = StoreTools.Repair(_data.Path, null, TestContext.Current.CancellationToken);

        Assert.True(repaired.LostMessages + repaired.LostRetained > 0);
        Assert.Empty(StoreTools.Verify(_data.Path, null, TestContext.Current.CancellationToken).Findings);
        int lost = _data.Expected.Split('\n').Except(StoredData.Describe(_data.Path).Split('\n')).Count();
        Assert.Equal(repaired.LostMessages + repaired.LostRetained, lost);
    }

    [Fact]
    public async Task A_damaged_newest_checkpoint_is_replaced_by_the_older_one_and_the_log()
    {
        StoredData.Flip(_data.Files("ckpt")[^1], 100);

        LogStore store = _data.Open();
        Assert.NotNull(store.Recovery.CheckpointDamage);
        string found = StoreReading.Read(store, out _).Describe(withMessages: true);
        await store.DisposeAsync();

        Assert.Equal(_data.Expected, found);
    }

    [Fact]
    public void Two_damaged_checkpoints_are_refused()
    {
        foreach (string file in _data.Files("ckpt"))
        {
            StoredData.Flip(file, 100);
        }

        Assert.Equal(StoreFailure.Corrupt, Refuse().Failure);
    }

    [Fact]
    public void A_damaged_manifest_is_refused_and_repaired()
    {
        StoredData.Flip(Path.Join(_data.Path, "MANIFEST"), 20);
        Assert.Equal(StoreFailure.Corrupt, Refuse().Failure);

        StoreTools.Repair(_data.Path, null, TestContext.Current.CancellationToken);

        Assert.Equal(_data.Expected, StoredData.Describe(_data.Path));
    }

    [Fact]
    public void A_missing_manifest_is_refused()
    {
        File.Delete(Path.Join(_data.Path, "MANIFEST"));

        Assert.Equal(StoreFailure.Corrupt, Refuse().Failure);
    }

    [Fact]
    public void A_newer_format_is_refused()
    {
        string file = Path.Join(_data.Path, "MANIFEST");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[8] = 2;
        File.WriteAllBytes(file, bytes);

        Assert.Equal(StoreFailure.NewerFormat, Refuse().Failure);
    }

    [Fact]
    public void A_segment_that_is_missing_is_refused()
    {
        File.Delete(_data.Files("cold")[0]);

        Assert.Equal(StoreFailure.Corrupt, Refuse().Failure);
    }

    [Fact]
    public async Task A_directory_that_another_has_is_refused()
    {
        await using LogStore store = _data.Open();

        StoreException refused = Assert.Throws<StoreException>(() => _data.Open());

        Assert.Equal(StoreFailure.Locked, refused.Failure);
        Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.Equal(StoreFailure.Locked, Assert.Throws<StoreException>(() => StoreTools.ReadInfo(_data.Path)).Failure);
    }

    public void Dispose() => _data.Dispose();

    private StoreException Refuse()
    {
        SortedDictionary<string, string> before = TemporaryFolder.Snapshot(_data.Path);
        StoreException refused = Assert.Throws<StoreException>(() => _data.Open());
        Assert.Equal(before, TemporaryFolder.Snapshot(_data.Path));
        return refused;
    }
}
