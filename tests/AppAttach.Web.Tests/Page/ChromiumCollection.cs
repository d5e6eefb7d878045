namespace AppAttach.Web.Tests.Page;

/// <summary>Tests of the page come one after the other: the measuring ones want the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
