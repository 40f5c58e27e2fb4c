using System.Text;
using CsCheck;
using Starling.Cli.Passwords;

namespace Starling.Cli.Tests.Commands;

public sealed class PasswdTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task New_file_belongs_to_its_owner_alone()
    {
        using TemporaryFolder folder = new();

        CliRun run = await CliRun.RunAsync("passwd", "-c", "-b", folder.File("users"), "ann", "secret");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("ann:$7$101$", await ReadAsync(folder), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder.File("users")));
        }
    }

    [Fact]
    public async Task Mode_comments_and_other_users_stay()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("users"), "# staff\n\nbob:$6$c2FsdA==$aGFzaA==\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.File("users"), OwnerOnly | UnixFileMode.GroupRead);
        }

        Assert.Equal(0, (await CliRun.RunAsync("passwd", "-b", folder.File("users"), "ann", "secret")).Code);
        Assert.Equal(0, (await CliRun.RunAsync("passwd", "-D", folder.File("users"), "ann")).Code);

        Assert.Equal("# staff\n\nbob:$6$c2FsdA==$aGFzaA==\n", await ReadAsync(folder));
        Assert.Equal([folder.File("users")], Directory.GetFiles(folder.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(folder.File("users")));
        }
    }

    [Fact]
    public async Task Password_is_asked_for_twice()
    {
        using TemporaryFolder folder = new();

        CliRun same = await AskAsync(folder, "secret\nsecret\n");
        string kept = await ReadAsync(folder);
        CliRun different = await AskAsync(folder, "secret\nother\n");
        CliRun none = await AskAsync(folder, "");

        Assert.Equal((0, "Password: \nAgain: \n"), (same.Code, same.Error));
        Assert.True(PasswordHash.Matches(kept["ann:".Length..].TrimEnd('\n'), "secret"));
        Assert.Equal((3, "Password: \nAgain: \nstarling: the passwords differ; nothing was changed.\n"), (different.Code, different.Error));
        Assert.Equal((3, "Password: \nstarling: the password is empty; nothing was changed.\n"), (none.Code, none.Error));
        Assert.Equal(kept, await ReadAsync(folder));
    }

    [Fact]
    public async Task Plain_passwords_are_hashed_once_only()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("users"), "ann:first\nbob:sec:ond\n", TestContext.Current.CancellationToken);

        CliRun run = await CliRun.RunAsync("passwd", "-U", folder.File("users"));
        string hashed = await ReadAsync(folder);
        CliRun again = await CliRun.RunAsync("passwd", "-U", folder.File("users"));

        Assert.Equal((0, "starling: 2 passwords were hashed.\n"), (run.Code, run.Error));
        Assert.True(PasswordHash.Matches(hashed.Split('\n')[1]["bob:".Length..], "sec:ond"));
        Assert.Equal((0, hashed), (again.Code, await ReadAsync(folder)));
    }

    [Theory]
    [InlineData("-b {0}/none ann secret", "/none cannot be changed: ")]
    [InlineData("-D {0}/users nobody", "/users has no user nobody.")]
    [InlineData("-D {0}/broken ann", "/broken:2 is neither user:hash nor a comment; nothing was changed.")]
    [InlineData("-c -b {0}/no/folder ann secret", "/no/folder cannot be changed: ")]
    public async Task What_cannot_be_done_is_said_in_one_line(string flags, string said)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("users"), "ann:x\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("broken"), "ann:x\nno colon\n", TestContext.Current.CancellationToken);

        CliRun run = await CliRun.RunAsync(["passwd", .. string.Format(System.Globalization.CultureInfo.InvariantCulture, flags, folder.Path).Split(' ')]);

        Assert.Equal(1, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Hash_knows_its_password_and_no_other() => Gen.Select(Gen.String, Gen.String, Gen.Bool, Gen.Int[1, 50]).Sample(
        static (password, other, isOld, iterations) =>
        {
            string hash = PasswordHash.Create(password, isOld ? PasswordHashKind.Sha512 : PasswordHashKind.Pbkdf2, iterations);
            bool isSame = Encoding.UTF8.GetBytes(password).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(other));
            return PasswordHash.IsHash(hash) && PasswordHash.Matches(hash, password) && PasswordHash.Matches(hash, other) == isSame;
        },
        iter: 500);

    [Fact]
    public void Keys_of_a_terminal_make_the_password_without_showing_it()
    {
        Queue<ConsoleKeyInfo> keys = new(
        [
            new('a', ConsoleKey.A, false, false, false), new('x', ConsoleKey.X, false, false, false), new('\b', ConsoleKey.Backspace, false, false, false),
            new('ö', ConsoleKey.Oem3, false, false, false), new('\r', ConsoleKey.Enter, false, false, false),
        ]);

        Assert.Equal("aö", new SecretPrompt(Stream.Null, keys.Dequeue).Read());
    }

    private static Task<CliRun> AskAsync(TemporaryFolder folder, string typed) => CliRun.RunAsync(
        ["passwd", "-c", folder.File("users"), "ann"], new CliSurroundings { Input = Encoding.UTF8.GetBytes(typed) });

    private static Task<string> ReadAsync(TemporaryFolder folder) => File.ReadAllTextAsync(folder.File("users"), TestContext.Current.CancellationToken);
}
