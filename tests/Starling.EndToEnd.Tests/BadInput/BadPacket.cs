using System.Globalization;
using Starling.EndToEnd.Tests.Clients;
using Xunit.Sdk;

namespace Starling.EndToEnd.Tests.BadInput;

/// <summary>A broken packet, and the Reason Code with which a 5.0 connection ends because of it.</summary>
public sealed class BadPacket : IXunitSerializable
{
    private string _hexadecimal = "";

    public BadPacket()
    {
    }

    internal BadPacket(Level level, string name, int reason, params byte[] bytes)
    {
        Level = level;
        Name = name;
        Reason = reason;
        _hexadecimal = Convert.ToHexString(bytes);
    }

    public Level Level { get; private set; }

    public string Name { get; private set; } = "";

    public int Reason { get; private set; }

    internal byte[] Bytes => Convert.FromHexString(_hexadecimal);

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Level), Level);
        info.AddValue(nameof(Name), Name);
        info.AddValue(nameof(Reason), Reason);
        info.AddValue(nameof(Bytes), _hexadecimal);
    }

    public void Deserialize(IXunitSerializationInfo info)
    {
        Level = info.GetValue<Level>(nameof(Level));
        Name = info.GetValue<string>(nameof(Name)) ?? "";
        Reason = info.GetValue<int>(nameof(Reason));
        _hexadecimal = info.GetValue<string>(nameof(Bytes)) ?? "";
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Level} {Name}");
}
