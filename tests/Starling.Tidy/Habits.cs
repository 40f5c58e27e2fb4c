using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Tidy;

/// <summary>What code does not do: hide nulls, catch everything, promise, sleep, keep state in statics, silence without a reason.</summary>
internal static class Habits
{
    /// <summary>
    /// The places where a fault of our own or of the environment ends, so that the process lives. A new place needs a reason that its
    /// reviewer accepts.
    /// </summary>
    private static readonly HashSet<string> CatchAllPlaces =
    [
        // Where a loop calls its client: a fault of ours ends that connection, not the loop.
        "src/Starling.Transports/Loops/ClientCalls.cs",

        // The top of a loop's thread: what gets there is logged, all its connections end, and whoever waits for the loop learns it.
        "src/Starling.Transports/Loops/LoopThread.cs",

        // The top of the store's threads: what gets there ends storing and acknowledging, and whoever waits for the store learns it.
        "src/Starling.Storage/StoreThreads.cs",

        // A handler of requests: whatever goes wrong there, the requester gets an answer.
        "src/Starling.Client/Core/Requests/Responder.cs",

        // Handlers and authentication methods of the client's user: their fault is logged or ends the attempt, not the client.
        "src/Starling.Client/Core/EventDispatcher.cs",
        "src/Starling.Client/Core/ChallengeAnswerer.cs",
        "src/Starling.Client/Core/Processing/HandlerRunner.cs",

        // The top of the thread of an outbox file: what gets there ends storing, and whoever waits for it learns it.
        "src/Starling.Client/Outboxes/OutboxStore.cs",

        // The top of the thread of an outbox file: what gets there ends storing, and whoever waits for it learns it.
        "src/Starling.Client/Outboxes/OutboxStore.cs",

        // The top of a store's thread: what gets there is the store's failure, which ends acknowledging and not the process.
        "src/Starling.Storage/StoreThreads.cs",

        // The top of the tool: a fault of ours is said and is an exit code, not a dump of the process.
        "src/Starling.Cli/CommandLine.cs",
    ];

    // The words that the rule looks for.
    private static readonly string[] Marks = ["TODO", "FIXME", "HACK", "XXX"]; // what the rule forbids

    public static IEnumerable<Offence> CheckNullForgiving(SourceFile file) =>
        from node in file.Root.DescendantNodes()
        where node.IsKind(SyntaxKind.SuppressNullableWarningExpression)
        select file.At(node, "no '!' in src: make absence impossible, or handle it");

    public static IEnumerable<Offence> CheckCatchAll(SourceFile file) =>
        from clause in file.All<CatchClauseSyntax>()
        where clause.Filter is null && clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception"
        where !CatchAllPlaces.Contains(file.Path) && clause.Block.Statements is not [.., ThrowStatementSyntax { Expression: null }]
        select file.At(clause, "catch the exceptions that can come, or add the file to the list in Habits.cs with its reason");

    public static IEnumerable<Offence> CheckPromises(SourceFile file)
    {
        foreach (SyntaxTrivia comment in file.Root.DescendantTrivia(descendIntoTrivia: true))
        {
            string text = comment.ToString();
            if (Marks.Any(mark => text.Contains(mark, StringComparison.Ordinal)) && !text.Contains("docs/decisions/", StringComparison.Ordinal)
                && comment.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia)
            {
                yield return file.AtLine(comment.GetLocation().GetLineSpan().StartLinePosition.Line + 1, "do it, or name the decision record that says why not");
            }
        }

        foreach (SimpleNameSyntax name in file.All<SimpleNameSyntax>().Where(name => name.Identifier.Text == "NotImplementedException")) // what the rule forbids
        {
            yield return file.At(name, "no stubs: leave the member out until it works");
        }
    }

    public static IEnumerable<Offence> CheckSleeps(SourceFile file) =>
        from access in file.All<MemberAccessExpressionSyntax>()
        let call = $"{access.Expression}.{access.Name.Identifier.Text}"
        where call is "Thread.Sleep" or "Task.Delay" or "Thread.SpinWait" // what the rule forbids
        select file.At(access, $"no {call} in tests: use virtual time, or wait for the event with a time-out");

    public static IEnumerable<Offence> CheckStatics(SourceFile file)
    {
        foreach (FieldDeclarationSyntax field in file.All<FieldDeclarationSyntax>())
        {
            if (field.Modifiers.Any(SyntaxKind.StaticKeyword) && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword))
            {
                yield return file.At(field.Declaration, "no static mutable state: two brokers run in one process");
            }
        }

        foreach (PropertyDeclarationSyntax property in file.All<PropertyDeclarationSyntax>())
        {
            if (property.Modifiers.Any(SyntaxKind.StaticKeyword)
                && property.AccessorList?.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)) == true)
            {
                yield return file.At(property.Identifier, "no static mutable state: two brokers run in one process");
            }
        }
    }

    public static IEnumerable<Offence> CheckSuppressions(SourceFile file)
    {
        foreach (PragmaWarningDirectiveTriviaSyntax pragma in file.Root.DescendantNodes(descendIntoTrivia: true).OfType<PragmaWarningDirectiveTriviaSyntax>())
        {
            if (pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword) && !pragma.ToFullString().Contains("//", StringComparison.Ordinal))
            {
                yield return file.At(pragma, "a suppressed warning carries its reason on the line: #pragma warning disable ID // reason");
            }
        }

        foreach (AttributeSyntax attribute in file.All<AttributeSyntax>().Where(attribute => attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal)))
        {
            if (attribute.ArgumentList?.ToString().Contains("Justification", StringComparison.Ordinal) != true)
            {
                yield return file.At(attribute, "a suppressed warning carries its reason: Justification = \"…\"");
            }
        }
    }

    public static IEnumerable<Offence> CheckDeadCode(SourceFile file) =>
        from comment in file.Root.DescendantTrivia()
        where comment.IsKind(SyntaxKind.SingleLineCommentTrivia)
        let text = comment.ToString().TrimStart('/').Trim()
        where text.EndsWith(';') && !SyntaxFactory.ParseStatement(text).ContainsDiagnostics
        select file.AtLine(comment.GetLocation().GetLineSpan().StartLinePosition.Line + 1, "no commented-out code: git remembers it");

    public static IEnumerable<Offence> CheckTestNames(SourceFile file) =>
        from method in file.All<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")
        where !method.Identifier.Text.Contains('_', StringComparison.Ordinal)
        select file.At(method.Identifier, "the name of a test is a sentence, with underscores between its words");

    public static IEnumerable<Offence> CheckAssertions(SourceFile file) =>
        from call in file.All<InvocationExpressionSyntax>()
        where call.ToString() is "Assert.True(true)" or "Assert.False(false)" or "Assert.Equal(1, 1)" // what the rule forbids
        select file.At(call, "a test that cannot fail is a defect");
}
