using System.Globalization;
using System.Text;
using Starling.Cli.Passwords;

namespace Starling.Cli.Mosquitto;

/// <summary>Starling called as mosquitto_passwd.</summary>
internal static class MosquittoPasswd
{
    private const int Failed = 1;
    private const int Mismatched = 2;
    private const int TextBytesMax = ushort.MaxValue;

    private const string Usage =
        """
        mosquitto_passwd: Starling, called by this name, does what mosquitto_passwd 2.0.11 does.

        Usage: mosquitto_passwd [-H sha512 | -H sha512-pbkdf2] [-c | -D] FILE USER
               mosquitto_passwd [-H sha512 | -H sha512-pbkdf2] [-c] -b FILE USER PASSWORD
               mosquitto_passwd [-H sha512 | -H sha512-pbkdf2] -U FILE

         -b  take the password from the command line
         -c  make a new file; one that exists is overwritten
         -D  take the user out
         -H  how to hash; sha512-pbkdf2 by default
         -U  hash the passwords that stand in the file in plain text
        """;

    public static int Run(string[] args, CommandEnvironment environment)
    {
        PasswdLine line = new();
        string? error = line.Read(args);
        if (error is not null)
        {
            environment.Error.Write(error);
            return Failed;
        }

        if (line.Path is null || line.Path == "--help")
        {
            environment.WriteText(Usage);
            return Failed;
        }

        error = CheckUser(line.User);
        if (error is not null)
        {
            environment.Error.Write(error);
            return Failed;
        }

        return Change(line, line.Path, environment);
    }

    private static int Change(PasswdLine line, string path, CommandEnvironment environment)
    {
        if (!TryOpen(line, path, environment, out PasswordFile? file))
        {
            return Failed;
        }

        string Hash(string password) => PasswordHash.Create(password, line.Kind, line.Iterations);
        if (line.Updates)
        {
            file.HashPlain(Hash);
        }
        else if (line.Deletes)
        {
            if (!file.Remove(line.User ?? ""))
            {
                environment.Error.Write($"Warning: User {line.User} not found in password file.\n");
                return Failed;
            }
        }
        else
        {
            bool isDifferent = false;
            string? password = line.Password ?? Ask(environment, out isDifferent);
            if (password is null)
            {
                return isDifferent ? Mismatched : Failed;
            }

            file.Set(line.User ?? "", Hash(password));
        }

        return Save(file, path, environment);
    }

    private static bool TryOpen(
        PasswdLine line, string path, CommandEnvironment environment, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PasswordFile? file)
    {
        file = PasswordFile.CreateEmpty();
        if (line.Creates)
        {
            return true;
        }

        try
        {
            file = PasswordFile.Read(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException or ArgumentException)
        {
            string reason = fault is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : fault.Message;
            environment.Error.Write($"Error: Unable to open password file {path}. {reason}.\n");
            return false;
        }

        if (file.FirstOtherLine == 0)
        {
            return true;
        }

        // Only -U stops there.
        environment.Error.Write(string.Create(CultureInfo.InvariantCulture, $"Error: Corrupt password file at line {file.FirstOtherLine}.\n"));
        return !line.Updates;
    }

    private static int Save(PasswordFile file, string path, CommandEnvironment environment)
    {
        try
        {
            file.Save(path);
            return ExitCode.Ok;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string reason = fault is DirectoryNotFoundException ? "No such file or directory" : fault.Message;
            environment.Error.Write($"Error: Unable to open file {path} for writing. {reason}.\n");
            return Failed;
        }
    }

    private static string? CheckUser(string? user)
    {
        if (user is null)
        {
            return null;
        }

        return Encoding.UTF8.GetByteCount(user) > TextBytesMax
            ? "Error: Username must be less than 65536 characters long.\n"
            : user.Contains(':', StringComparison.Ordinal) ? "Error: Username must not contain the ':' character.\n"
            : user.Any(char.IsControl) ? "Error: Username must not contain control characters.\n" : null;
    }

    private static string? Ask(CommandEnvironment environment, out bool isDifferent)
    {
        isDifferent = false;
        string? first = AskOnce("Password: ", environment);
        if (string.IsNullOrEmpty(first))
        {
            environment.Error.Write("Error: Empty password.\n");
            return null;
        }

        string? second = AskOnce("Reenter password: ", environment);
        if (second != first)
        {
            isDifferent = !string.IsNullOrEmpty(second);
            environment.Error.Write(isDifferent ? "Error: Passwords do not match.\n" : "Error: Empty password.\n");
            return null;
        }

        return first;
    }

    private static string? AskOnce(string prompt, CommandEnvironment environment)
    {
        environment.Output.Write(Encoding.ASCII.GetBytes(prompt));
        environment.Output.Flush();
        string? answer = environment.Secrets.Read();
        environment.Output.Write(string.IsNullOrEmpty(answer) ? default : "\n"u8);
        return answer;
    }
}
