namespace Starling.CommitLog.Tests;

public sealed class AppendTests
{
    [Fact]
    public void Appending_and_committing_allocate_nothing()
    {
        using TemporaryFolder folder = new();
        using TestLog log = new(new LogDirectory(folder.Path), new CommitLogOptions { SegmentBytes = 1 << 20, FrameBytes = 1 << 16 });
        byte[] content = TestLog.Content(1, 100);
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                TestLog.Append(log.Log, content);
            }

            while (log.Log.TryCommit(TestLog.Now, out _))
            {
            }
        });
    }

    [Fact]
    public void Records_of_many_threads_are_committed_whole_and_in_the_order_of_each()
    {
        const int Threads = 4;
        const int PerThread = 5000;
        using TemporaryFolder folder = new();
        LogDirectory directory = new(folder.Path);
        CommitLogOptions options = new() { SegmentBytes = 1 << 16, FrameBytes = 1 << 13 };
        using (TestLog log = new(directory, options))
        {
            int running = Threads;
            Thread[] appenders = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
            {
                for (int i = 0; i < PerThread; i++)
                {
                    AppendUntilTaken(log.Log, thread, i);
                }

                Interlocked.Decrement(ref running);
            }))];
            Thread worker = new(() =>
            {
                while (Volatile.Read(ref running) > 0)
                {
                    log.Log.Prepare();
                    Thread.Yield();
                }
            });
            foreach (Thread thread in appenders.Append(worker))
            {
                thread.Start();
            }

            while (Volatile.Read(ref running) > 0 || log.Log.HasUncommitted)
            {
                log.Log.TryCommit(TestLog.Now, out _);
            }

            foreach (Thread thread in appenders.Append(worker))
            {
                thread.Join();
            }
        }

        int[] next = new int[Threads];
        using TestLog again = new(directory, options);
        foreach (byte[] content in again.Replayed.Values.SelectMany(frame => frame))
        {
            Assert.Equal(next[content[0]]++, BitConverter.ToInt32(content, 1));
            Assert.True(content.AsSpan(5).IndexOfAnyExcept(content[0]) < 0);
        }

        Assert.All(next, count => Assert.Equal(PerThread, count));
    }

    private static void AppendUntilTaken(SegmentedLog log, int thread, int number)
    {
        // Some are larger than a quarter of a frame.
        byte[] content = new byte[number % 100 == 99 ? 3000 : 5 + (number % 64)];
        content.AsSpan().Fill((byte)thread);
        BitConverter.TryWriteBytes(content.AsSpan(1), number);
        while (TestLog.Append(log, content) == 0)
        {
            Thread.Yield();
        }
    }
}
