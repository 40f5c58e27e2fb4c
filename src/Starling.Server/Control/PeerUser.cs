using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Starling.Server.Control;

/// <summary>Which user is at the other end of a Unix socket, as the system knows it.</summary>
internal static partial class PeerUser
{
    private const int Root = 0;
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int CredentialBytes = 12;
    private const int UserOffset = 4;

    /// <summary>The user number; null where the system does not tell it and only the rights of the files keep others away.</summary>
    public static uint? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> credential = stackalloc byte[CredentialBytes];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credential);
        return BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(credential[UserOffset..])
            : BinaryPrimitives.ReadUInt32BigEndian(credential[UserOffset..]);
    }

    /// <summary>Whether that user may steer a broker of this process: the same one, and root.</summary>
    public static bool IsTrusted(uint? user) => user is null || IsTrusted(user.Value, EffectiveUser());

    public static bool IsTrusted(uint user, uint own) => user == own || user == Root;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
