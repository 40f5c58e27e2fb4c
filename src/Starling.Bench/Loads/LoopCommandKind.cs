namespace Starling.Bench.Loads;

/// <summary>What a loop is asked to do.</summary>
internal enum LoopCommandKind
{
    /// <summary>To run an iteration: something that it looks at has changed.</summary>
    Wake,

    /// <summary>To begin to publish.</summary>
    BeginTraffic,

    /// <summary>To wait no longer for answers that have not come.</summary>
    ForgetAnswers,

    /// <summary>To let a client disconnect.</summary>
    Disconnect,
}
