using Starling.CommitLog;
using Starling.Storage.Tests.Stores;
using Starling.Storage.Tools;

namespace Starling.Storage.Tests.Tools;

public sealed class RepairTests : IDisposable
{
    private const ulong Number = (7UL << 40) + 1;

    private readonly string _folder = Directory.CreateTempSubdirectory("starling-repair-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Without_a_manifest_the_generation_is_that_of_the_newest_session()
    {
        Make(_folder, "a");
        File.Delete(Path.Join(_folder, "MANIFEST"));

        StoreTools.Repair(_folder, null, Cancellation);

        Assert.True(StoreTools.ReadInfo(_folder) is { Generation: >= 7, Sessions: 1 });
    }

    [Fact]
    public void A_repair_that_was_killed_is_refused_at_every_point_and_finished_by_the_next()
    {
        Make(_folder, "damaged");
        Make(Path.Join(_folder, "repair-x", "new"), "saved");
        LogDirectory directory = new(_folder);
        new RepairExchange(directory, "repair-x").Begin();
        Refuse();
        foreach (string name in (string[])["log", "ckpt", "cold"])
        {
            Directory.Move(Path.Join(_folder, name), Path.Join(_folder, "repair-x", "old", name));
            Refuse();
        }

        RepairReport report = StoreTools.Repair(_folder, null, Cancellation);

        Assert.Equal("repair-x", report.Folder);
        Assert.Empty(StoreTools.Verify(_folder, null, Cancellation).Findings);
        Assert.Contains("saved", StoreSample.Describe(directory), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(_folder, "repair-x", "old", "MANIFEST")));
        Assert.Empty(StoreTools.Repair(_folder, null, Cancellation).Findings);
    }

    [Theory]
    [InlineData("{\"kind\":\"session\",\"number\":0,\"clientIdentifier\":\"c\",\"userName\":null,\"epoch\":1,\"protocolVersion\":5,\"expirySeconds\":1,\"nextSequence\":0,\"sentBelow\":0}")]
    [InlineData("{\"kind\":\"session\",\"number\":1,\"clientIdentifier\":\"c\",\"userName\":null,\"epoch\":1,\"protocolVersion\":9,\"expirySeconds\":1,\"nextSequence\":0,\"sentBelow\":0}")]
    [InlineData("{\"kind\":\"incoming\",\"session\":3,\"packetIdentifier\":1}")]
    [InlineData("{\"kind\":\"delivery\",\"session\":2,\"sequence\":18446744073709551615,\"deliveryQos\":1,\"deliveryRetain\":false,\"identifiers\":[],\"sharedFilter\":null}")]
    [InlineData("{\"kind\":\"delivery\",\"session\":2,\"sequence\":1,\"deliveryQos\":0,\"deliveryRetain\":false,\"identifiers\":[],\"sharedFilter\":null}")]
    public void A_line_that_no_store_could_hold_is_named_and_nothing_is_made(string line)
    {
        const string Known = "{\"kind\":\"session\",\"number\":2,\"clientIdentifier\":\"k\",\"userName\":null,\"epoch\":1,\"protocolVersion\":5,\"expirySeconds\":1,\"nextSequence\":0,\"sentBelow\":0}";
        string lines = $"{{\"kind\":\"store\",\"version\":1,\"generation\":1,\"retainedRevision\":0}}\n{Known}\n{line}";

        StoreException refused = Assert.Throws<StoreException>(
            () => StoreTools.Import(Path.Join(_folder, "made"), new StringReader(lines), null, Cancellation));

        Assert.Equal(StoreFailure.Usage, refused.Failure);
        Assert.StartsWith("line 3 is wrong", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.False(Directory.Exists(Path.Join(_folder, "made")));
    }

    [Fact]
    public void Whatever_ends_an_import_nothing_is_left_of_it()
    {
        Assert.Throws<ObjectDisposedException>(() =>
        {
            StringReader closed = new("");
            closed.Dispose();
            StoreTools.Import(Path.Join(_folder, "made"), closed, null, Cancellation);
        });

        Assert.False(Directory.Exists(Path.Join(_folder, "made")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Make(string path, string client)
    {
        LogStore store = LogStore.Open(StoreSample.Options(new LogDirectory(path)));
        StoreSample.Append(store.Open(0, new RecordingEvents()), [Lives.Opened with { Session = Number, Topic = client }]);
        store.StepAll();
        Lives.Checkpoint(store);
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Refuse() => Assert.Equal(
        StoreFailure.Corrupt, Assert.Throws<StoreException>(() => StoreSample.Open(new LogDirectory(_folder))).Failure);
}
