using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Golden;

public sealed class GoldenTests
{
    // A change of these bytes is a change of the format of data directories, which must go on opening those of today.
    [Fact]
    public void Records_and_manifest_are_written_as_the_format_says() =>
        Assert.Equal(File.ReadAllLines(Path.Join(GoldenData.Folder, GoldenData.Records)), GoldenData.DescribeRecords());

    [Fact]
    public async Task A_data_directory_of_format_1_0_opens_with_all_that_is_in_it()
    {
        using TemporaryFolder folder = new();
        TemporaryFolder.Copy(Path.Join(GoldenData.Folder, GoldenData.StoreFolder), folder.Path);

        LogStore store = LogStore.Open(GoldenData.Options(folder.Path));
        string found = StoreReading.Read(store, out _).Describe(withMessages: true);
        await store.DisposeAsync();

        Assert.True(Directory.GetFiles(folder.Join("cold")).Length > 0 && Directory.GetFiles(folder.Join("ckpt")).Length == 2);
        Assert.Equal(await File.ReadAllTextAsync(Path.Join(GoldenData.Folder, GoldenData.StoreText), TestContext.Current.CancellationToken), found);
    }
}
