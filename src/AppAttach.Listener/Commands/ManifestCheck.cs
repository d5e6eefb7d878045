using System.Xml;
using AppAttach.Contracts;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Commands;

/// <summary>Checks that a mounted image holds the package a command means: <c>ROOT/FULLNAME/AppxManifest.xml</c> with its identity.</summary>
internal static class ManifestCheck
{
    private const string ManifestName = "AppxManifest.xml";

    // Manifests are some ten kilobytes; one that names every file of a large app has reached a few megabytes.
    private const long ManifestLimitCharacters = 32 << 20;

    // Windows' schema allows 128.
    private const int DependencyLimit = 128;

    // Windows' schema allows 256.
    private const int DisplayNameLimit = 256;

    /// <summary>Reads the manifest's identity and compares it with the parts of the full name.</summary>
    /// <param name="image">The mounted image.</param>
    /// <param name="expected">The package that should be in it.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="CommandFailedException">There is no such package in it, or it is another one.</exception>
    public static PackageManifest Run(IMountedImage image, PackageFullName expected)
    {
        var fullName = expected.ToReference().FullName;
        var path = $"{image.Image.RootFolder.Replace('\\', '/')}/{fullName}/{ManifestName}";
        try
        {
            using var content = image.OpenFile(path) ?? throw Mismatch(image, $"has no file {path}");
            var manifest = Read(content) ?? throw Mismatch(image, $"has no identity in {path}");
            return manifest.Identity.FitsInto(expected) ? manifest : throw Mismatch(image, $"holds {manifest.Identity} in the folder of {fullName}");
        }
        catch (XmlException e)
        {
            throw Mismatch(image, $"has a manifest {path} that is not well-formed ({e.Message.TrimEnd('.')})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ErrorCodes.MountFailed, $"{path} in image {image.Image.Path} cannot be read: {e.Message}", e);
        }
    }

    private static PackageManifest? Read(Stream content)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = ManifestLimitCharacters,
        };
        using var reader = XmlReader.Create(content, settings);
        if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "Package")
        {
            return null;
        }

        ManifestIdentity? identity = null;
        string? displayName = null;
        var dependencies = new List<FrameworkReference>();
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Depth: 1, LocalName: "Identity" })
            {
                identity ??= new ManifestIdentity(
                    reader.GetAttribute("Name") ?? "",
                    reader.GetAttribute("Version") ?? "",
                    reader.GetAttribute("ProcessorArchitecture") ?? "neutral",
                    reader.GetAttribute("ResourceId") ?? "");
            }
            else if (reader is { NodeType: XmlNodeType.Element, Depth: 2, LocalName: "PackageDependency" } && dependencies.Count < DependencyLimit)
            {
                dependencies.Add(new FrameworkReference(
                    $"{reader.GetAttribute("Name")}_{PublisherId.Of(reader.GetAttribute("Publisher") ?? "")}", reader.GetAttribute("MinVersion") ?? "0.0.0.0"));
            }
            else if (reader is { NodeType: XmlNodeType.Element, Depth: 2, LocalName: "DisplayName" })
            {
                displayName ??= ReadDisplayName(reader);
            }
        }

        return identity is null ? null : new PackageManifest(identity, dependencies, displayName);
    }

    // A package says it in words or names a resource, which only Windows looks up. Users see it on their terminal: no control characters.
    private static string? ReadDisplayName(XmlReader reader)
    {
        var text = reader.Read() && reader.NodeType == XmlNodeType.Text ? reader.Value.Trim() : "";
        return text.Length is 0 or > DisplayNameLimit || text.StartsWith("ms-resource:", StringComparison.OrdinalIgnoreCase) || text.Any(char.IsControl) ? null : text;
    }

    private static CommandFailedException Mismatch(IMountedImage image, string what, Exception? cause = null) =>
        new(ErrorCodes.ImageMismatch, $"Image {image.Image.Path} {what}. Convert the package again, or send the image that holds it.", cause);
}
