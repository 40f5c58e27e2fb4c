namespace Starling.Crash.Ledger;

/// <summary>One message of a <see cref="MessageStream"/>.</summary>
internal sealed class Published(long number, bool isDelete, bool isFence)
{
    public long Number => number;

    /// <summary>An empty retained message: nobody can tell it from another, so nobody is owed it.</summary>
    public bool IsDelete => isDelete;

    /// <summary>The last message of a round: whoever has it has all before it, or never will.</summary>
    public bool IsFence => isFence;

    /// <summary>When the first acknowledgement came (PUBACK or PUBREC); 0: none has.</summary>
    public long AcknowledgedAt { get; set; }
}
