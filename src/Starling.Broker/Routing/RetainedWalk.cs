namespace Starling.Broker.Routing;

/// <summary>
/// Reads the retained messages that match a Topic Filter, in pieces. A message that is there all the time is given exactly once; one that
/// is stored or deleted meanwhile may or may not be.
/// </summary>
/// <remarks>One thread at a time; others may change the tree. Made by <see cref="RetainedTree.Walk"/>.</remarks>
internal sealed class RetainedWalk(RetainedTree tree, byte[] filter)
{
    /// <summary>How many places of the tree one call looks at, at most.</summary>
    public const int StepsMax = 4096;

    private readonly RetainedTraversal _traversal = new(tree, filter);

    public bool IsDone => _traversal.IsDone;

    /// <summary>Appends further matches that have not expired.</summary>
    /// <param name="utcMilliseconds">Expired messages are never given out [U5-25].</param>
    /// <param name="max">How many at most.</param>
    /// <param name="into">Where to.</param>
    /// <returns>How many; 0 does not mean that the walk is done.</returns>
    public int Next(long utcMilliseconds, int max, List<RetainedMessage> into)
    {
        int given = 0;
        for (int steps = 0; steps < StepsMax && given < max && _traversal.Step(out RetainedNode? node); steps++)
        {
            if (node?.Message is { } message && !message.IsExpired(utcMilliseconds))
            {
                into.Add(message);
                given++;
            }
        }

        return given;
    }
}
