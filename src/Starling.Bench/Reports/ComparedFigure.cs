namespace Starling.Bench.Reports;

/// <summary>One figure of two results.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Old">The earlier one.</param>
/// <param name="New">The new one.</param>
/// <param name="IsWorse">Whether it is worse by more than the tolerance.</param>
internal readonly record struct ComparedFigure(string Name, double Old, double New, bool IsWorse)
{
    /// <summary>By how many percent it has changed; 0 when the earlier one was 0.</summary>
    public double ChangePercent => Old == 0 ? 0 : (New - Old) / Old * 100;
}
