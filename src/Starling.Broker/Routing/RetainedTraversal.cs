using System.Runtime.CompilerServices;

namespace Starling.Broker.Routing;

/// <summary>
/// Goes through the nodes of the retained tree that match a Topic Filter, one small step at a time, while others store and delete. A node
/// that stays in the tree is met exactly once: it never moves in the array of its parent that the traversal holds.
/// </summary>
/// <remarks>One thread at a time. Costs memory for each level it has descended, and no stack.</remarks>
internal sealed class RetainedTraversal
{
    private readonly RetainedTree _tree;
    private readonly byte[] _filter;
    private readonly bool _dollarToo;
    private readonly Stack<RetainedFrame> _frames = new();

    public RetainedTraversal(RetainedTree tree, byte[] filter)
        : this(tree, filter, dollarToo: false)
    {
    }

    private RetainedTraversal(RetainedTree tree, byte[] filter, bool dollarToo)
    {
        _tree = tree;
        _filter = filter;
        _dollarToo = dollarToo;
        _frames.Push(new RetainedFrame(tree.Root, 0));
    }

    public bool IsDone => _frames.Count == 0;

    /// <summary>Visits the topics that begin with $ too.</summary>
    public static RetainedTraversal OfEverything(RetainedTree tree) => new(tree, [(byte)'#'], dollarToo: true);

    /// <summary>Looks at one place of the tree.</summary>
    /// <param name="match">A node whose topic matches, whether or not it has a message; null: this place had none.</param>
    /// <returns>False when there was nothing left to look at.</returns>
    public bool Step(out RetainedNode? match)
    {
        match = null;
        if (!_frames.TryPop(out RetainedFrame frame))
        {
            return false;
        }

        // Below the last level of the filter only the node itself is left.
        if (frame.FilterOffset > _filter.Length)
        {
            match = frame.Node;
            return true;
        }

        ReadOnlySpan<byte> level = TopicLevels.First(_filter.AsSpan(frame.FilterOffset));
        int below = frame.FilterOffset + level.Length + 1;
        if (level is [(byte)'#'])
        {
            match = Visit(ref frame, frame.FilterOffset);
        }
        else if (level is [(byte)'+'])
        {
            Visit(ref frame, below);
        }
        else if (frame.Node.Children.Find(new LevelKey(level, _tree.Seed)) is { } child)
        {
            _frames.Push(new RetainedFrame(Unsafe.As<RetainedNode>(child), below));
        }

        return true;
    }

    /// <summary>Looks at the next child, and on the first visit returns the node, which # stands for too.</summary>
    private RetainedNode? Visit(ref RetainedFrame frame, int childOffset)
    {
        RetainedNode? match = null;
        if (frame.Slots is null)
        {
            frame.Slots = frame.Node.Children.Slots ?? [];
            match = frame.Node;
        }

        if (frame.Index == frame.Slots.Length)
        {
            return match;
        }

        LevelNode? child = Volatile.Read(ref frame.Slots[frame.Index++].Node);
        _frames.Push(frame);
        if (child is RetainedNode node && !IsKeptFromWildcards(frame, node))
        {
            _frames.Push(new RetainedFrame(node, childOffset));
        }

        return match;
    }

    /// <summary>Filters that begin with a wildcard do not match topics that begin with $ [MQTT-4.7.2-1].</summary>
    private bool IsKeptFromWildcards(in RetainedFrame parent, RetainedNode node) =>
        parent.Node.Parent is null && node.BeginsWithDollar && !_dollarToo;
}
