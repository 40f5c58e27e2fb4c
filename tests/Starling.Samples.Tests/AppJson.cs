using System.Text.Json.Serialization;

namespace Starling.Samples.Tests;

// sample 9
[JsonSerializable(typeof(Reading))]
internal sealed partial class AppJson : JsonSerializerContext;
// end
