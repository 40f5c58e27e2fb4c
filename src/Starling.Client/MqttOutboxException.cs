using Starling.CommitLog;

namespace Starling.Client;

/// <summary>The file of the outbox cannot be opened, or has failed: nothing is stored in it any more.</summary>
public sealed class MqttOutboxException : MqttException
{
    private MqttOutboxException(string message, bool isTransient, Exception cause)
        : base(message, isTransient, null, cause)
    {
    }

    internal static MqttOutboxException From(Exception fault, string path) => fault switch
    {
        LogLockedException => new($"The outbox cannot be opened: {fault.Message}. Give each client a directory of its own.", true, fault),
        LogFullException => new($"The outbox {path} cannot be opened: {fault.Message}. Make room on that disk.", true, fault),
        LogCorruptException => new(
            $"The outbox {path} is damaged: {fault.Message}. Restore the directory, or move it away to begin with an empty one.", false, fault),
        LogFailedException => new(
            $"The outbox {path} has failed: {fault.InnerException?.Message ?? fault.Message}. What was being stored may be in it or not; open it again with a new client.", false, fault),
        _ => new($"The outbox {path} cannot be used: {fault.Message}.", false, fault),
    };
}
