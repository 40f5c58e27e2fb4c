using Starling.Fuzz.Fuzzing;

namespace Starling.Fuzz.Targets;

/// <summary>Random operations on the client's connection and session, against a server that keeps the rules, mostly.</summary>
internal sealed class ClientMachineTarget : IFuzzTarget
{
    public string Name => "client-machine";

    public int TestInputs => 4000;

    public byte[] Make(Random random) => InputMaker.Choices(random, 400);

    public void Run(byte[] input)
    {
        FuzzInput choices = new(input);
        ClientRun run = new(choices);
        while (!choices.IsAtEnd)
        {
            run.Step(choices);
        }

        run.End();
    }
}
