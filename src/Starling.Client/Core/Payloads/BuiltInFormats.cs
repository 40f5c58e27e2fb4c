using System.Collections.Frozen;
using System.Globalization;

namespace Starling.Client.Core.Payloads;

/// <summary>The types that need no serializer.</summary>
internal static class BuiltInFormats
{
    private static readonly BytesFormat Bytes = new();

    /// <summary>What a payload is by itself: no serializer comes before these.</summary>
    private static readonly FrozenDictionary<Type, object> Raw = new Dictionary<Type, object>
    {
        [typeof(byte[])] = Bytes,
        [typeof(ReadOnlyMemory<byte>)] = Bytes,
        [typeof(Memory<byte>)] = Bytes,
        [typeof(string)] = new TextFormat(),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, object> Values = new Dictionary<Type, object>
    {
        [typeof(bool)] = new BooleanFormat(),
        [typeof(sbyte)] = new NumberFormat<sbyte>(NumberStyles.Integer),
        [typeof(byte)] = new NumberFormat<byte>(NumberStyles.Integer),
        [typeof(short)] = new NumberFormat<short>(NumberStyles.Integer),
        [typeof(ushort)] = new NumberFormat<ushort>(NumberStyles.Integer),
        [typeof(int)] = new NumberFormat<int>(NumberStyles.Integer),
        [typeof(uint)] = new NumberFormat<uint>(NumberStyles.Integer),
        [typeof(long)] = new NumberFormat<long>(NumberStyles.Integer),
        [typeof(ulong)] = new NumberFormat<ulong>(NumberStyles.Integer),
        [typeof(Int128)] = new NumberFormat<Int128>(NumberStyles.Integer),
        [typeof(UInt128)] = new NumberFormat<UInt128>(NumberStyles.Integer),
        [typeof(Half)] = new NumberFormat<Half>(NumberStyles.Float),
        [typeof(float)] = new NumberFormat<float>(NumberStyles.Float),
        [typeof(double)] = new NumberFormat<double>(NumberStyles.Float),
        [typeof(decimal)] = new NumberFormat<decimal>(NumberStyles.Float),
        [typeof(Guid)] = new ParsableFormat<Guid>(),
    }.ToFrozenDictionary();

    public static IPayloadFormat<T>? FindRaw<T>() => Raw.GetValueOrDefault(typeof(T)) as IPayloadFormat<T>;

    public static IPayloadFormat<T>? FindValue<T>() => Values.GetValueOrDefault(typeof(T)) as IPayloadFormat<T>;
}
