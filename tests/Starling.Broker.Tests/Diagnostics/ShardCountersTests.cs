using System.Reflection;
using System.Text.RegularExpressions;
using Starling.Broker.Diagnostics;

namespace Starling.Broker.Tests.Diagnostics;

public sealed partial class ShardCountersTests
{
    [Fact]
    public void The_sum_of_shards_has_every_counter()
    {
        FieldInfo[] fields = typeof(ShardCounters).GetFields();
        ShardCounters one = new();
        ShardCounters other = new();
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].SetValue(one, 1000L + i);
            fields[i].SetValue(other, 1L);
        }

        ShardCounters sum = new();
        one.AddTo(sum);
        other.AddTo(sum);
        Assert.NotEmpty(fields);
        Assert.Equal(Enumerable.Range(0, fields.Length).Select(i => 1001L + i), fields.Select(field => (long?)field.GetValue(sum) ?? 0));
    }

    [Fact]
    public void Drops_are_added_up_by_reason()
    {
        ShardCounters one = new();
        ShardCounters other = new();
        one.Drop(DropReason.ConnectionEnded, 2);
        other.Drop(DropReason.ConnectionEnded);
        other.Drop(DropReason.OutputFull);

        ShardCounters sum = new();
        one.AddTo(sum);
        other.AddTo(sum);
        Assert.Equal((3, 1, 4), (sum.Dropped(DropReason.ConnectionEnded), sum.Dropped(DropReason.OutputFull), sum.DroppedInAll()));
    }

    [Fact]
    public void Every_reason_has_a_name_of_its_own_in_kebab_case()
    {
        List<string> names = [.. Enum.GetValues<DropReason>().Select(DropReasonName.Of)];

        Assert.Equal(DropReasonName.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches(KebabCase(), name));
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();
}
