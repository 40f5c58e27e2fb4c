using System.Text.Json.Serialization;

namespace Starling.Samples.Tests;

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class OrderJson : JsonSerializerContext;
