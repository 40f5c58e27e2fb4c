using CsCheck;
using Faults;

namespace Starling.CommitLog.Tests;

public sealed class PowerCutDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogDirectory _real;

    public PowerCutDirectoryTests() => _real = new LogDirectory(_folder.Path);

    [Fact]
    public void Bytes_are_on_the_disk_only_when_their_file_is_synced()
    {
        PowerCutDirectory directory = new(_real);
        using (ILogFile file = directory.Open("a", LogFileMode.CreateNew))
        {
            directory.SyncFolder("");
            file.Write("hello"u8, 0);
            Assert.Equal("hello", Read(directory, "a"));
            Assert.Equal("", Read(_real, "a"));
            file.Sync();
            Assert.Equal("hello", Read(_real, "a"));
            file.Write("xy"u8, 1);
        }

        Assert.Equal("hxylo", Read(directory, "a"));
        Assert.Equal("hello", Read(new PowerCutDirectory(_real), "a"));
    }

    [Fact]
    public void Names_are_on_the_disk_only_when_their_folder_is_synced()
    {
        _real.CreateFolder("log");
        PowerCutDirectory directory = new(_real);
        directory.Open("log/a", LogFileMode.CreateNew).Dispose();
        directory.SyncFolder("log");
        directory.Rename("log/a", "b");
        directory.Open("log/c", LogFileMode.CreateNew).Dispose();
        Assert.Equal(["c"], directory.List("log"));
        Assert.Equal(["b"], directory.List(""));
        Assert.Equal(["a"], _real.List("log"));
        directory.SyncFolder("log");
        Assert.Equal(["c"], _real.List("log"));
        Assert.Equal(["b"], _real.List(""));
        directory.Delete("log/c");
        Assert.False(directory.Exists("log/c"));
        Assert.True(_real.Exists("log/c"));
        directory.SyncFolder("log");
        Assert.False(_real.Exists("log/c"));
    }

    [Fact]
    public void A_file_that_is_replaced_by_a_new_one_is_there_until_the_folder_is_synced()
    {
        PowerCutDirectory directory = new(_real);
        Write(directory, "a", "old");
        directory.SyncFolder("");
        Write(directory, "tmp", "new");
        directory.Rename("tmp", "a");
        Assert.Equal("new", Read(directory, "a"));
        Assert.Equal("old", Read(_real, "a"));
        directory.SyncFolder("");
        Assert.Equal("new", Read(_real, "a"));
    }

    [Fact]
    public void What_a_killed_process_left_without_a_name_is_removed()
    {
        Write(new PowerCutDirectory(_real), "a", "x");
        Write(new PowerCutDirectory(_real), "b", "y");
        Assert.Single(_real.List("power-cut"));
        Assert.Empty(_real.List(""));
    }

    [Fact]
    public void A_build_without_syncs_leaves_nothing_on_the_disk()
    {
        PowerCutDirectory directory = new(_real) { IgnoreSync = true };
        using (TestLog log = new(directory))
        {
            log.Commit(1, 100);
        }

        using (TestLog again = new(directory))
        {
            Assert.Single(again.Replayed);
        }

        using TestLog after = new(new PowerCutDirectory(_real));
        Assert.Empty(after.Replayed);
    }

    [Fact]
    public void What_is_written_is_read_like_from_any_file()
    {
        PowerCutDirectory directory = new(_real);
        int files = 0;
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 60], Gen.Byte.Array[1, 30]).Array[1, 40].Sample(steps =>
        {
            using ILogFile file = directory.Open($"{Interlocked.Increment(ref files)}", LogFileMode.CreateNew);
            byte[] expected = new byte[100];
            int length = 0;
            foreach ((int action, int offset, byte[] bytes) in steps)
            {
                if (action == 0)
                {
                    file.Sync();
                    continue;
                }

                file.Write(bytes, offset);
                bytes.CopyTo(expected, offset);
                length = Math.Max(length, offset + bytes.Length);
            }

            byte[] read = new byte[100];
            Assert.Equal(length, file.Read(read, 0));
            Assert.Equal(expected, read);
            byte[] piece = new byte[7];
            int count = file.Read(piece, 13);
            Assert.Equal(expected.AsSpan(13, count), piece.AsSpan(0, count));
        });
    }

    [Fact]
    public void A_log_loses_nothing_that_was_committed_when_it_is_cut_off_again_and_again()
    {
        ulong last = 0;
        for (int life = 0; life < 6; life++)
        {
            TestLog log = new(new PowerCutDirectory(_real), afterLsn: last < 40 ? 0 : last - 40);
            Assert.Equal(last, log.Recovery.LastLsn);
            for (int i = 0; i < 60; i++)
            {
                last = log.Commit(i, 180);
                if (log.Log.Segments is [{ IsSealed: true } oldest, ..] && oldest.NewestLsn + 40 < last)
                {
                    log.Log.Free(oldest.Id);
                }
            }

            log.Append(1, 180);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void Write(PowerCutDirectory directory, string name, string text)
    {
        using ILogFile file = directory.Open(name, LogFileMode.CreateNew);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text), 0);
        file.Sync();
    }

    private static string Read(ILogDirectory directory, string name)
    {
        using ILogFile file = directory.Open(name, LogFileMode.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
