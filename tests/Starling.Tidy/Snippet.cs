namespace Starling.Tidy;

/// <summary>Made-up files, on which a rule must find its offence.</summary>
internal static class Snippet
{
    public static SourceFile Product(string text, string path = "src/Starling.Broker/Thing.cs") => new(path, text);

    public static SourceFile Test(string text, string path = "tests/Starling.Broker.Tests/ThingTests.cs") => new(path, text);
}
