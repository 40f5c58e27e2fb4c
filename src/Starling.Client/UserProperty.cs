namespace Starling.Client;

/// <summary>A User Property: a pair of texts with no meaning to MQTT.</summary>
/// <param name="Name">At most 65535 bytes of UTF-8, without U+0000.</param>
/// <param name="Value">At most 65535 bytes of UTF-8, without U+0000.</param>
public readonly record struct UserProperty(string Name, string Value);
