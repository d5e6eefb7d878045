namespace AppAttach.Embedded.Tests.Commands;

/// <summary>Tests that run single commands as processes, one after the other; those of <see cref="EndToEnd.ProcessCollection"/>, which wait a lot, run beside them.</summary>
[CollectionDefinition(Name)]
public sealed class CommandCollection
{
    public const string Name = "commands";
}
