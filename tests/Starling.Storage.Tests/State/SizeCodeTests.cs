using CsCheck;
using Starling.Storage.State;

namespace Starling.Storage.Tests.State;

public sealed class SizeCodeTests
{
    [Fact]
    public void A_size_is_never_given_back_smaller_and_little_bigger() => Gen.Int[0, 300 << 20].Sample(bytes =>
    {
        int decoded = SizeCode.Decode(SizeCode.Encode(bytes));
        Assert.InRange(decoded, bytes, bytes + (bytes / 1000));
    });
}
