namespace Starling.Hosting;

/// <summary>What an acknowledgement promises about a message that persistent sessions must get.</summary>
public enum Durability
{
    /// <summary>It is on stable storage.</summary>
    Fsync,

    /// <summary>It is written to the operating system: it survives a crash of the process, not of the machine.</summary>
    Os,

    /// <summary>It is in memory: nothing survives a restart.</summary>
    Memory,
}
