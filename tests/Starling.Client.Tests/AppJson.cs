using System.Text.Json.Serialization;

namespace Starling.Client.Tests;

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class AppJson : JsonSerializerContext;
