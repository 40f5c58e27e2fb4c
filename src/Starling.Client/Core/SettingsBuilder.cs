using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>Makes the settings of one attempt from the options. What cannot change is encoded once.</summary>
internal sealed class SettingsBuilder
{
    private readonly MqttClientOptions _options;
    private readonly byte[] _clientIdentifier;
    private readonly byte[] _userProperties;
    private readonly ClientWill? _will;
    private readonly ReadOnlyMemory<byte>? _authenticationMethod;
    private readonly uint _sessionExpirySeconds;

    public SettingsBuilder(MqttClientOptions options, string randomClientId)
    {
        _options = options;
        _clientIdentifier = MqttText.Encode(options.ClientId ?? randomClientId, nameof(options.ClientId));
        _userProperties = MessageEncoder.EncodeUserProperties(options.UserProperties);
        _will = options.Will is null ? null : MessageEncoder.EncodeWill(options.Will, options.WillDelay);
        _sessionExpirySeconds = options.KeepsSession ? MessageEncoder.Seconds(options.SessionExpiry) : 0;
        _authenticationMethod = options.Authentication is { } authentication
            ? MqttText.Encode(authentication.Method, nameof(options.Authentication))
            : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Whether the first connection may find a session that an earlier process left.</summary>
    public bool MayResume => !_options.CleanStart && _sessionExpirySeconds > 0;

    /// <summary>The settings of an attempt.</summary>
    /// <param name="version">The version to speak.</param>
    /// <param name="isFirst">Whether no connection was up yet, so that Clean Start is as the options say.</param>
    /// <param name="credentials">User name and password; null for none.</param>
    /// <param name="authenticationData">The first data of the enhanced authentication, if there is one.</param>
    public ClientConnectionSettings Build(
        MqttVersion version, bool isFirst, (string? User, ReadOnlyMemory<byte> Password)? credentials, ReadOnlyMemory<byte> authenticationData)
    {
        bool isClean = version == MqttVersion.V5
            ? _sessionExpirySeconds == 0 || (isFirst && _options.CleanStart)

            // In 3.x Clean Session rules the end of the session as well as its beginning.
            : _sessionExpirySeconds == 0 || _options.CleanStart;
        return new ClientConnectionSettings
        {
            Version = version,
            ClientIdentifier = _clientIdentifier,
            CleanStart = isClean,
            KeepAliveSeconds = (ushort)MessageEncoder.Seconds(_options.KeepAlive),
            SessionExpiryIntervalSeconds = _sessionExpirySeconds,
            ReceiveMaximum = _options.ReceiveMaximum,
            ToleratesReceiveExcess = true,
            UsesTopicAliases = _options.TopicAliases == TopicAliasing.Automatic,
            MaximumPacketBytes = (int)_options.MaximumPacketSize,
            Will = _will,
            UserName = credentials is { User: { } user } ? MqttText.Encode(user, "user") : default(ReadOnlyMemory<byte>?),
            Password = credentials is { Password: { IsEmpty: false } password } ? MqttText.CheckBinary(password, "password") : default(ReadOnlyMemory<byte>?),
            AuthenticationMethod = _authenticationMethod,
            AuthenticationData = _authenticationMethod is null ? default(ReadOnlyMemory<byte>?) : MqttText.CheckBinary(authenticationData, "data"),
            UserProperties = _userProperties,
            RequestResponseInformation = _options.RequestResponseInformation,
        };
    }
}
