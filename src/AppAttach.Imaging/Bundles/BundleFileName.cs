using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>The <c>FileName</c> of a package in a bundle manifest: <c>\</c> separates folders, and the name ends in <c>.appx</c> or <c>.msix</c>.</summary>
internal static class BundleFileName
{
    private static readonly string[] Extensions = [".appx", ".msix"];
    private static readonly string[] EncryptedExtensions = [".eappx", ".emsix"];

    /// <summary>Checks a name and gives it with <c>/</c> as separator.</summary>
    /// <exception cref="InvalidInputException">
    /// <see cref="Defect.UnsafeName"/>: Windows cannot hold it, or it leads elsewhere; <see cref="Defect.Encrypted"/> by its extension; else
    /// <see cref="Defect.BundleInvalid"/>.
    /// </exception>
    public static string Read(string name, PackageLimits limits)
    {
        var path = name.Replace('\\', '/');
        PartName.Check(path, limits);
        if (name.Contains('/', StringComparison.Ordinal))
        {
            throw Invalid.Bundle($"The bundle manifest spells a package's name {Invalid.Quote(name)}; folders are separated by a backslash.");
        }

        if (HasExtension(path, EncryptedExtensions))
        {
            throw new InvalidInputException(
                Defect.Encrypted, $"Package {Invalid.Quote(path)} of the bundle is encrypted and can be installed by the Store only; use an unencrypted bundle.");
        }

        return HasExtension(path, Extensions)
            ? path
            : throw Invalid.Bundle($"Package {Invalid.Quote(path)} of the bundle has a name that ends neither in .appx nor in .msix.");
    }

    /// <summary>Whether a package may lie beside its bundle under that path: by its name alone, or in the folder of stub packages.</summary>
    public static bool IsBeside(string path)
    {
        var name = path.StartsWith(PartName.StubFolder, StringComparison.Ordinal) ? path.AsSpan(PartName.StubFolder.Length) : path;
        return !name.Contains('/');
    }

    private static bool HasExtension(string path, string[] extensions) =>
        Array.Exists(extensions, extension => path.Length > extension.Length && path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
