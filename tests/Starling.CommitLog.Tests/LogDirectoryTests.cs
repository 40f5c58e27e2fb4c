namespace Starling.CommitLog.Tests;

public sealed class LogDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogDirectory _directory;

    public LogDirectoryTests()
    {
        _directory = new LogDirectory(Path.Combine(_folder.Path, "data"));
        _directory.CreateFolder("");
        _directory.CreateFolder("log");
    }

    [Fact]
    public void What_is_written_is_read()
    {
        using ILogFile file = _directory.Open("log/a", LogFileMode.CreateNew);
        file.Write("hello"u8, 3);
        file.Sync();
        byte[] read = new byte[10];
        Assert.Equal(8, file.Read(read, 0));
        Assert.Equal("\0\0\0hello"u8, read.AsSpan(0, 8));
        Assert.Equal(8, file.Length);
    }

    [Fact]
    public void Allocated_space_reads_as_zeros_and_stands_on_the_disk()
    {
        using ILogFile file = _directory.Open("a", LogFileMode.CreateNew);
        file.Write("x"u8, 0);
        file.Allocate(1 << 16);
        byte[] read = new byte[1 << 16];
        Assert.Equal(1 << 16, file.Read(read, 0));
        Assert.True(read.AsSpan(1).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void More_space_than_there_is_means_full()
    {
        using ILogFile file = _directory.Open("a", LogFileMode.CreateNew);
        Assert.Throws<LogFullException>(() => file.Allocate(_directory.Space.TotalBytes * 2));
    }

    [Fact]
    public void A_file_is_cut()
    {
        using ILogFile file = _directory.Open("a", LogFileMode.CreateNew);
        file.Write("hello"u8, 0);
        file.Truncate(2);
        Assert.Equal(2, file.Length);
    }

    [Fact]
    public void A_file_that_is_missing_or_there_already_is_an_exception_of_one_line()
    {
        IOException missing = Assert.ThrowsAny<IOException>(() => _directory.Open("a", LogFileMode.Read));
        Assert.Contains(Path.Combine(_directory.Path, "a"), missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Message);
        _directory.Open("a", LogFileMode.CreateNew).Dispose();
        Assert.ThrowsAny<IOException>(() => _directory.Open("a", LogFileMode.CreateNew));
    }

    [Fact]
    public void A_folder_lists_its_files_in_order_and_one_that_is_missing_lists_none()
    {
        foreach (string name in (string[])["log/b", "log/a", "log/B"])
        {
            _directory.Open(name, LogFileMode.CreateNew).Dispose();
        }

        Assert.Equal(["B", "a", "b"], _directory.List("log"));
        Assert.Empty(_directory.List("free"));
    }

    [Fact]
    public void A_renamed_file_takes_the_place_of_another()
    {
        Write("a", "new");
        Write("b", "old");
        _directory.Rename("a", "b");
        _directory.SyncFolder("");
        Assert.False(_directory.Exists("a"));
        Assert.Equal("new", File.ReadAllText(Path.Combine(_directory.Path, "b")));
    }

    [Fact]
    public void A_deleted_file_is_gone_and_deleting_it_again_does_nothing()
    {
        Write("a", "x");
        _directory.Delete("a");
        _directory.Delete("a");
        Assert.False(_directory.Exists("a"));
    }

    [Fact]
    public void A_hard_link_is_counted_until_it_is_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "hard links are made on Linux only");
        Write("a", "x");
        string target = Path.Combine(_folder.Path, "backup");
        _directory.LinkTo("a", target);
        Assert.Equal(2, _directory.CountLinks("a"));
        File.Delete(target);
        Assert.Equal(1, _directory.CountLinks("a"));
    }

    [Fact]
    public void A_link_to_a_place_that_is_taken_fails()
    {
        Write("a", "x");
        Write("b", "y");
        Assert.ThrowsAny<IOException>(() => _directory.LinkTo("a", Path.Combine(_directory.Path, "b")));
    }

    [Fact]
    public void A_locked_directory_says_who_has_it()
    {
        using (_directory.Lock())
        {
            LogLockedException locked = Assert.Throws<LogLockedException>(() => new LogDirectory(_directory.Path).Lock());
            Assert.Contains($"process {Environment.ProcessId}", locked.Message, StringComparison.Ordinal);
        }

        _directory.Lock().Dispose();
    }

    [Fact]
    public void A_folder_that_is_missing_cannot_be_locked_or_synced()
    {
        LogDirectory missing = new(Path.Combine(_folder.Path, "none"));
        Assert.ThrowsAny<IOException>(() => missing.Lock());
        Assert.ThrowsAny<IOException>(() => missing.SyncFolder(""));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text)
    {
        using ILogFile file = _directory.Open(name, LogFileMode.CreateNew);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text), 0);
    }
}
