using System.Text.Json.Serialization;

namespace Starling.Client.Tests;

/// <summary>An order of a test.</summary>
internal sealed record Order(int Id, string Name);

/// <summary>A receipt of a test.</summary>
internal sealed record Receipt(int Id);

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class AppJson : JsonSerializerContext;
