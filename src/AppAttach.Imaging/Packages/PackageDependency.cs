namespace AppAttach.Imaging.Packages;

/// <summary>A package that another one needs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Publisher">Its publisher; for a main package without one in the manifest, the depending package's own.</param>
/// <param name="MinVersion">Lowest version that will do, or null where the manifest gives none.</param>
public sealed record PackageDependency(string Name, string Publisher, Version? MinVersion)
{
    /// <summary>Family name of the package needed.</summary>
    public string FamilyName => $"{Name}_{PublisherId.Of(Publisher)}";
}
