using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Server.Control;

namespace Starling.Server.Tests.Control;

/// <summary>A process of another user at the control socket, where the tests may start one.</summary>
public sealed class OtherUserTests : IDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const string Python = "/usr/bin/python3";
    private const string Ask =
        """
        import socket, sys
        s = socket.socket(socket.AF_UNIX)
        s.connect(sys.argv[1])
        s.sendall(b'{"command":"backup","target":"/srv/x"}\n')
        print(s.makefile().read())
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Access_is_denied_by_the_rights_of_the_file()
    {
        (int code, string output) = await AskAsOtherUserAsync(isSocketOpen: false);

        Assert.NotEqual(0, code);
        Assert.Contains("PermissionError", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_is_refused_by_the_user_although_the_rights_of_the_file_are_open()
    {
        (int code, string output) = await AskAsOtherUserAsync(isSocketOpen: true);

        Assert.Equal(0, code);
        Assert.Contains("Only the user of the broker and root", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> AskAsOtherUserAsync(bool isSocketOpen)
    {
        bool isRoot = OperatingSystem.IsLinux() && Environment.UserName == "root";
        Assert.SkipUnless(isRoot && File.Exists(SetPriv) && File.Exists(Python), "only root can start a process of another user, with setpriv and python3.");
        bool wasAsked = false;
        ControlService service = new(
            _folder.Path,
            (_, _, _) =>
            {
                wasAsked = true;
                return Task.CompletedTask;
            },
            NullLogger.Instance,
            TimeProvider.System);
        await using ControlSocket? socket = ControlSocket.Start(_folder.Path, service, NullLogger.Instance, TimeProvider.System);
        Rights.Set(_folder.Path, "755");
        if (isSocketOpen)
        {
            Rights.Set(ControlPath.In(_folder.Path), "666");
        }

        ProcessStartInfo start = new(SetPriv, ["--reuid=65534", "--regid=65534", "--clear-groups", Python, "-c", Ask, ControlPath.In(_folder.Path)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("setpriv does not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(wasAsked);
        return (process.ExitCode, await output + errors);
    }
}
