namespace Starling.Client.Tests;

/// <summary>Guards against a hang; nothing here should come near.</summary>
internal static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    public static Task<T> Bounded<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task Bounded(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
