namespace AppAttach.Listener.Commands;

/// <summary>The <c>Identity</c> element of a manifest, as far as the listener compares it. The publisher was proven when the package was verified.</summary>
internal sealed record ManifestIdentity(string Name, string Version, string Architecture, string ResourceId)
{
    /// <summary>Whether a package with this identity may have that full name.</summary>
    public bool FitsInto(PackageFullName expected) =>
        Same(Name, expected.Name) && Same(Version, expected.Version) && Same(Architecture, expected.Architecture) && Same(ResourceId, expected.ResourceId);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Version} {Architecture}{(ResourceId.Length > 0 ? " " + ResourceId : "")}";

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
