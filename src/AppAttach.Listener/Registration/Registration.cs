namespace AppAttach.Listener.Registration;

/// <summary>One package of one user, as it stands in the user's file.</summary>
internal sealed record Registration
{
    /// <summary>The user, as the command named him.</summary>
    public required string User { get; init; }

    /// <summary>Package full name.</summary>
    public required string PackageFullName { get; init; }

    /// <summary>Package family name; a user has one package of a family.</summary>
    public required string PackageFamilyName { get; init; }

    /// <summary>Absolute path of the package's folder; null where the mounter gives no mount point.</summary>
    public string? Folder { get; init; }

    /// <summary>The image that holds the package.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The package's folder inside the image, separated by <c>/</c>.</summary>
    public required string FolderInImage { get; init; }

    /// <summary>Full names of the resource packages that go with it.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>When it was registered, by the host's clock.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }
}
