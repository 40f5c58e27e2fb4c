using Starling.Fuzz.Fuzzing;

namespace Starling.Fuzz.Targets;

/// <summary>Random operations of several clients on a broker with one or two shards, in virtual time.</summary>
internal sealed class ShardTarget : IFuzzTarget
{
    public string Name => "shard";

    public int TestInputs => 300;

    public byte[] Make(Random random) => InputMaker.Choices(random, 1200);

    public void Run(byte[] input)
    {
        FuzzInput choices = new(input);
        ShardRun run = new(1 + choices.Below(2));
        while (!choices.IsAtEnd)
        {
            run.Step(choices);
        }

        run.End();
    }
}
