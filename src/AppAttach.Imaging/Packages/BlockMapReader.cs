using System.Globalization;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Reads <c>AppxBlockMap.xml</c>: root <c>BlockMap</c> with <c>HashMethod</c>, in it <c>File</c>, in those <c>Block</c>, in any of the namespaces
/// that came since 2010. Whole-file hashes and everything else of later versions say nothing that the blocks do not, and are passed over.
/// </summary>
internal static class BlockMapReader
{
    private const string NamespacePrefix = "http://schemas.microsoft.com/appx/";

    /// <summary>Reads a block map by itself; <see cref="PartBinding"/> holds it against the archive.</summary>
    /// <param name="stream">The part.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="methodFound">Is told the hash that the block map names, before the rest is read; or null.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.BlockmapInvalid"/>, <see cref="Defect.Encrypted"/> or a limit.</exception>
    public static BlockMap Read(Stream stream, PackageLimits limits, Action<HashMethod>? methodFound = null)
    {
        using var xml = new XmlPart(stream, PartName.BlockMap, Defect.BlockmapInvalid, limits.XmlDepth);
        if (!xml.ReadElement() || xml.LocalName != "BlockMap" || !xml.Namespace.StartsWith(NamespacePrefix, StringComparison.Ordinal))
        {
            throw Invalid.BlockMap("The root of AppxBlockMap.xml is not BlockMap of an MSIX block map.");
        }

        CheckNotEncrypted(xml["PackageEncrypted"]);
        var identifier = xml["HashMethod"];
        var method = HashMethod.Find(identifier) ??
            throw Invalid.BlockMap($"The block map's HashMethod is {Invalid.Quote(identifier ?? "")}; SHA-256, SHA-384 and SHA-512 are known.");
        methodFound?.Invoke(method);
        var map = new BlockMap(method);
        BlockMapFile? file = null;
        while (xml.ReadElement())
        {
            if (xml.Depth == 1)
            {
                Complete(file);
                file = xml.LocalName == "File" ? ReadFile(xml, map, limits) : null;
            }
            else if (xml.Depth == 2 && file is not null && xml.LocalName == "Block")
            {
                ReadBlock(xml, map, file);
            }
        }

        Complete(file);
        return map.Files.Count > 0 ? map : throw Invalid.BlockMap("The block map lists no file.");
    }

    private static BlockMapFile ReadFile(XmlPart xml, BlockMap map, PackageLimits limits)
    {
        CheckNotEncrypted(xml["Encrypted"]);
        var name = xml["Name"];
        if (string.IsNullOrEmpty(name) || name.Contains('/', StringComparison.Ordinal))
        {
            throw Invalid.BlockMap($"The block map has a File whose Name {Invalid.Quote(name ?? "")} is empty or has a slash.");
        }

        if (!long.TryParse(xml["Size"], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            throw Invalid.BlockMap($"The block map gives no size for {Invalid.Quote(name)}.");
        }

        if (size > limits.FileBytes)
        {
            throw Invalid.Limit($"Size of {Invalid.Quote(name)} in bytes", size, limits.FileBytes);
        }

        var file = new BlockMapFile(size, map.BlockCount);
        return map.TryAddFile(name.Replace('\\', '/'), file)
            ? file
            : throw Invalid.BlockMap($"The block map lists {Invalid.Quote(name)} twice.");
    }

    private static void ReadBlock(XmlPart xml, BlockMap map, BlockMapFile file)
    {
        var compressedSize = BlockMap.NoCompressedSize;
        if (xml["Size"] is { } text &&
            (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out compressedSize) || compressedSize == 0))
        {
            throw Invalid.BlockMap($"The block map has a Block whose Size {Invalid.Quote(text)} is not a positive number.");
        }

        var destination = map.AddBlock(compressedSize);
        file.BlockCount++;
        if (!Convert.TryFromBase64String(xml["Hash"] ?? "", destination, out var count) || count != destination.Length)
        {
            throw Invalid.BlockMap($"The block map has a Block whose Hash is not {destination.Length} bytes in Base64.");
        }
    }

    private static void Complete(BlockMapFile? file)
    {
        if (file is not null && file.BlockCount != file.ExpectedBlockCount)
        {
            throw Invalid.BlockMap(FormattableString.Invariant(
                $"The block map has {file.BlockCount} blocks for a file of {file.SizeBytes} bytes, which needs {file.ExpectedBlockCount}."));
        }
    }

    private static void CheckNotEncrypted(string? value)
    {
        if (value is "true" or "1")
        {
            throw new InvalidInputException(Defect.Encrypted, "The package is encrypted and can be installed by the Store only; use an unencrypted one.");
        }
    }
}
