namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>Tests that start several busy processes, one after the other: on few cores they would only wait for each other.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
