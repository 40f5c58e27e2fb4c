namespace Starling.Client.Core.Requests;

/// <summary>How a responder says that its handler failed: by a User Property of a reply without payload.</summary>
internal static class FailureReply
{
    private const string Name = "starling-failure";

    public static UserProperties Of(string text) => [new UserProperty(Name, text)];

    /// <summary>The text of a failure; null for a good reply.</summary>
    public static string? Find(MqttMessage reply) => reply.UserProperties[Name];
}
