namespace Starling.EndToEnd.Tests.Processes;

/// <summary>How long a condition may take before a test gives up; nothing waits longer than its condition does.</summary>
internal static class Patience
{
    public static readonly TimeSpan Normal = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>A token that ends with the test, or when <paramref name="limit"/> has passed.</summary>
    public static CancellationTokenSource Start(TimeSpan? limit = null)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(limit ?? Normal);
        return source;
    }

    /// <summary>Waits for a task, and says what was awaited when it does not end in time.</summary>
    public static async Task<T> Until<T>(Task<T> task, string what, TimeSpan? limit = null)
    {
        try
        {
            return await task.WaitAsync(limit ?? Normal, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not in {(limit ?? Normal).TotalSeconds} s: {what}");
        }
    }

    public static Task Until(Task task, string what, TimeSpan? limit = null) => Until(Completed(task), what, limit);

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }
}
