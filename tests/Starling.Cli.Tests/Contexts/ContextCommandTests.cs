using Starling.Cli.Tests.Commands;

namespace Starling.Cli.Tests.Contexts;

public sealed class ContextCommandTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What the file may not be, the line that is named, and what is said.</summary>
    public static TheoryData<string, int, string> WrongFiles => new()
    {
        { "{\n\"contexts\": {\n", 3, "this is no JSON" },
        { "[]", 1, "this must be an object" },
        { "{\n \"version\": 2\n}", 2, "\"version\" is not 1" },
        { "{\n\n \"context\": {}\n}", 3, "\"context\" with such a value is not known here" },
        { "{ \"current\": \"x\" }", 1, "names x, and there is no such context" },
        { "{\"contexts\":\n {\"a b\":\n {}}}", 2, "no name for a context" },
        { "{\"contexts\": {\"a\": {},\n\"a\": {}}}", 2, "\"a\" is twice here" },
        { "{\"contexts\": {\n\"a\": {\n\"hst\": \"x\"}}}", 3, "did you mean \"host\"?" },
        { "{\"contexts\": {\"a\": {\"port\":\n1883}}}", 2, "this must be text in quotes" },
        { "{\"contexts\": {\"a\": {\"disable-clean-session\":\n false}}}", 2, "this must be true" },
        { "{\"contexts\": {\"a\": {\"host\": \"x\",\n\"host\": \"y\"}}}", 2, "has \"host\" twice" },
    };

    private string File => Path.Join(_folder.Path, "starling", "contexts.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-L mqtts://h", "h:8883")]
    [InlineData("-h h --tls-use-os-certs", "h:8883")]
    [InlineData("--unix /tmp/x.sock", "/tmp/x.sock")]
    [InlineData("-h ::1", "[::1]:1883")]
    public async Task Server_is_the_one_that_is_connected_to(string flags, string server)
    {
        await RunAsync(["context", "add", "one", .. flags.Split(' ')]);

        Assert.Contains($"\"server\":\"{server}\"", (await RunAsync("context", "ls", "--output", "jsonl")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Context_that_is_added_is_listed_used_and_forgotten()
    {
        string[] address = broker.Address;
        Assert.Equal(ExitCode.Ok, (await RunAsync(["context", "add", "here", .. address])).Code);

        CliRun published = await RunAsync("pub", "--context", "here", "-t", "a", "-m", "x", "-q", "1");
        CliRun chosen = await RunAsync("context", "use", "here");
        CliRun ambient = await RunAsync("pub", "-t", "a", "-m", "x", "-q", "1");
        CliRun listed = await RunAsync("context", "ls");
        CliRun removed = await RunAsync("context", "rm", "here");
        CliRun gone = await RunAsync("context", "ls");

        Assert.Equal((0, 0, 0, 0), (published.Code, chosen.Code, ambient.Code, removed.Code));
        Assert.Equal(
            $$"""{"name":"here","current":true,"server":"127.0.0.1:{{address[3]}}","username":null,"password":null,"flags":""}""" + "\n", listed.Output);
        Assert.Equal((0, ""), (gone.Code, gone.Output));
    }

    [Fact]
    public async Task No_password_is_printed_anywhere()
    {
        await RunAsync("context", "add", "a", "-h", "broker", "-u", "me", "-P", "secret");
        await RunAsync("context", "add", "b", "-L", "mqtt://me:secret@broker");

        foreach (string format in new[] { "table", "json", "jsonl", "csv" })
        {
            CliRun run = await RunAsync("context", "ls", "--output", format);

            Assert.Equal(2, run.Output.Split("kept").Length - 1);
            Assert.DoesNotContain("secret", run.Output + run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Password_that_is_elsewhere_is_only_named()
    {
        await System.IO.File.WriteAllTextAsync(_folder.File("pw"), "secret\n", TestContext.Current.CancellationToken);
        await RunAsync("context", "add", "a", "-u", "me", "--password-file", Path.GetRelativePath(Environment.CurrentDirectory, _folder.File("pw")));
        await RunAsync("context", "add", "b", "-u", "me", "--password-env", "NOT_SET_NOW");

        Assert.DoesNotContain("secret", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        CliRun run = await RunAsync("context", "ls", "--output", "csv");
        Assert.Equal(
            $"name,current,server,username,password,flags\r\na,false,localhost:1883,me,file {_folder.File("pw")},\r\nb,false,localhost:1883,me,variable NOT_SET_NOW,\r\n",
            run.Output);
    }

    [Fact]
    public async Task File_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await RunAsync("context", "add", "a", "-h", "x");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.EnumerateFiles(Path.GetDirectoryName(File) ?? ""));

        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        CliRun run = await RunAsync("context", "ls");
        Assert.Equal((ExitCode.Ok, $"starling: warning: others may read or write {File}, which can hold passwords. Run: chmod 600 {File}\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Name_that_is_taken_is_replaced_on_request_only()
    {
        await RunAsync("context", "add", "a", "-h", "x");
        await RunAsync("context", "use", "a");

        CliRun refused = await RunAsync("context", "add", "a", "-h", "y");
        CliRun replaced = await RunAsync("context", "add", "a", "-h", "z", "--replace");

        Assert.Equal((ExitCode.Usage, "starling: there is a context a already; --replace takes its place.\n"), (refused.Code, refused.Error));
        Assert.Equal(ExitCode.Ok, replaced.Code);
        Assert.Contains("\"current\":true,\"server\":\"z:1883\"", (await RunAsync("context", "ls")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub --context hom -t a -m x", "there is no context hom; did you mean home?")]
    [InlineData("pub --context office -t a -m x", "there is no context office; `starling context ls` lists them.")]
    [InlineData("context use hom", "there is no context hom; did you mean home?")]
    [InlineData("context rm hom", "there is no context hom; did you mean home?")]
    [InlineData("context use", "context use needs a name")]
    [InlineData("context rm", "context rm needs a name")]
    [InlineData("context add", "context add needs a name")]
    [InlineData("context add .x -h y", "context add needs a name: 1 to 64 letters")]
    [InlineData("context add x", "context add needs a flag to keep")]
    [InlineData("context add x -p 70000", "-p 70000 is not allowed")]
    [InlineData("context add x -h y --context home", "--context cannot go with context add")]
    [InlineData("context ls --output xml", "--output xml is not allowed: table, json, jsonl, csv")]
    public async Task Wrong_use_is_3_and_one_line(string commandLine, string said)
    {
        await RunAsync("context", "add", "home", "-h", "x");

        CliRun run = await RunAsync(commandLine.Split(' '));

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.StartsWith($"starling: {said}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task First_missing_context_says_how_to_make_one()
    {
        CliRun run = await RunAsync("pub", "--context", "x", "-t", "a", "-m", "x");

        Assert.Equal((ExitCode.Usage, "starling: there is no context x; there is none yet; `starling context add NAME` makes one.\n"), (run.Code, run.Error));
    }

    [Theory, MemberData(nameof(WrongFiles))]
    public async Task Wrong_file_is_3_and_names_the_line_and_what_to_do(string content, int line, string said)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File) ?? "");
        await System.IO.File.WriteAllTextAsync(File, content, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        CliRun run = await RunAsync("pub", "-t", "a", "-m", "x");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.StartsWith($"starling: the contexts in {File} cannot be used; line {line}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("Mend the line, or remove the file and add the contexts again.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_value_in_the_file_names_the_context()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File) ?? "");
        await System.IO.File.WriteAllTextAsync(File, "{\"contexts\": {\"home\": {\"port\": \"70000\"}}}", TestContext.Current.CancellationToken);

        CliRun run = await RunAsync("pub", "--context", "home", "-t", "a", "-m", "x");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("starling: context home: --port 70000 is not allowed: a whole number from 1 to 65535.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nowhere_to_keep_contexts_is_said()
    {
        CliRun run = await CliRun.RunAsync("context", "add", "a", "-h", "x");

        Assert.Equal(
            (ExitCode.Usage, "starling: there is no place for contexts here, since neither XDG_CONFIG_HOME nor HOME is set.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Completion_gets_the_names_and_no_complaint()
    {
        await RunAsync("context", "add", "home", "-h", "x");
        await RunAsync("context", "add", "test", "-h", "x");
        CliRun names = await RunAsync("complete", "contexts");
        await System.IO.File.WriteAllTextAsync(File, "damaged", TestContext.Current.CancellationToken);
        CliRun damaged = await RunAsync("complete", "contexts");

        Assert.Equal((ExitCode.Ok, "home\ntest\n"), (names.Code, names.Output));
        Assert.Equal((ExitCode.Usage, "", ""), (damaged.Code, damaged.Output, damaged.Error));
    }

    private Task<CliRun> RunAsync(params string[] args) =>
        CliRun.RunAsync(args, new CliSurroundings { Variables = new() { ["XDG_CONFIG_HOME"] = _folder.Path } });
}
