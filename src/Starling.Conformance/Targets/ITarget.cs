namespace Starling.Conformance.Targets;

/// <summary>What is tested: something that takes connections, and the clock that its deadlines run on.</summary>
internal interface ITarget
{
    /// <summary>What people call it, such as its URL.</summary>
    string Name { get; }

    /// <summary>A clock that only goes forward; its zero means nothing.</summary>
    TimeSpan Now { get; }

    /// <summary>
    /// How much earlier than it is due something may come and still count as in time: servers count in seconds, and the clocks of two
    /// sides do not tick together.
    /// </summary>
    TimeSpan Earliness { get; }

    /// <summary>How much later than it is due something may come and still count as in time.</summary>
    TimeSpan Lateness { get; }

    /// <summary>How long nothing must come before a case believes that nothing will.</summary>
    TimeSpan Quiet { get; }

    /// <summary>How long a case waits for what is due at once.</summary>
    TimeSpan Patience { get; }

    /// <summary>Whether cases may run side by side; in virtual time they run one after the other.</summary>
    bool IsConcurrent { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="TargetLostException">Nobody takes connections there.</exception>
    ValueTask<IByteStream> OpenAsync(CancellationToken cancellation);

    /// <summary>Lets time pass.</summary>
    ValueTask DelayAsync(TimeSpan time, CancellationToken cancellation);
}
