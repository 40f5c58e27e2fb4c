namespace Starling.Client.Core;

/// <summary>Asks the application for the answer to a challenge, on the thread pool, and posts it to the loop.</summary>
internal sealed class ChallengeAnswerer(Mailbox mailbox, IEnhancedAuthentication? authentication)
{
    /// <summary>Begins to answer.</summary>
    /// <param name="challenge">The server's data.</param>
    /// <param name="link">The connection that the answer is for.</param>
    public void Begin(ReadOnlyMemory<byte> challenge, ClientLink link)
    {
        if (authentication is not null)
        {
            _ = Task.Run(() => AnswerAsync(authentication, challenge, link), CancellationToken.None);
        }
    }

    private async Task AnswerAsync(IEnhancedAuthentication method, ReadOnlyMemory<byte> challenge, ClientLink link)
    {
        try
        {
            ReadOnlyMemory<byte> answer = await method.ContinueAsync(challenge, link.Attempt.Cancellation).ConfigureAwait(false);
            ReadOnlyMemory<byte> data = MqttText.CheckBinary(answer, nameof(answer));
            mailbox.Post(now => link.Authenticate(data, now));
        }
        catch (Exception)
        {
            // Without an answer the exchange cannot go on: the connection ends, and that is what everybody sees.
            mailbox.Post(_ => link.Abort());
        }
    }
}
