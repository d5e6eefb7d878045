using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// Holds a package's folder against the package: every file with the right name, size and bytes, and nothing else. The package's bytes
/// are checked against its block map on the way, so the image is compared with what the package's hashes vouch for.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="options">Where packages lie.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class ContentChecker(VolumeReader volume, CheckOptions options, FindingList findings)
{
    private readonly Dictionary<string, long> _records = new(StringComparer.Ordinal);
    private readonly HashSet<string> _surplus = new(StringComparer.Ordinal);
    private string _root = "";

    /// <summary>Checks one package.</summary>
    /// <exception cref="InvalidInputException">The package is broken.</exception>
    public void Check(Package package)
    {
        _root = options.RootFolder.Length == 0 ? package.Identity.FullName : $"{options.RootFolder}/{package.Identity.FullName}";
        FileRecord? folder = null;
        if (!findings.Try("content-unreadable", _root, () => folder = volume.Find(_root))
            || !findings.Require(folder is { IsFolder: true }, "content-missing", _root, "The image has no such folder.")
            || !findings.Try("content-unreadable", _root, () => AddFolder(folder!, FoldersOf(package))))
        {
            return;
        }

        var wrong = CheckNames(package);
        CheckBytes(package, wrong);
    }

    /// <summary>Collects what lies in the package's folders. Folders that the package has not are named, and not looked into.</summary>
    private void AddFolder(FileRecord start, HashSet<string> expected)
    {
        var pending = new Stack<(long Record, string Path)>();
        var visited = new HashSet<long> { start.Number };
        pending.Push((start.Number, ""));
        while (pending.TryPop(out var folder))
        {
            foreach (var entry in volume.EnumerateFolder(volume.ReadRecord(folder.Record)))
            {
                var path = folder.Path.Length == 0 ? entry.Name : $"{folder.Path}/{entry.Name}";
                if (!entry.FileName.IsDirectory)
                {
                    _records[path] = entry.Reference.RecordNumber;
                }
                else if (!expected.Contains(path))
                {
                    _surplus.Add(path);
                }
                else if (visited.Add(entry.Reference.RecordNumber))
                {
                    pending.Push((entry.Reference.RecordNumber, path));
                }
            }
        }
    }

    private static HashSet<string> FoldersOf(Package package)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in package.Files)
        {
            var slash = file.Path.LastIndexOf('/');
            while (slash > 0 && folders.Add(file.Path[..slash]))
            {
                slash = file.Path.LastIndexOf('/', slash - 1);
            }
        }

        return folders;
    }

    /// <summary>Holds the names against each other.</summary>
    /// <returns>For each of the package's files, whether its bytes need no comparing any more.</returns>
    private bool[] CheckNames(Package package)
    {
        var wrong = new bool[package.Files.Count];
        _surplus.UnionWith(_records.Keys);
        foreach (var file in package.Files)
        {
            wrong[file.Index] = !_records.ContainsKey(file.Path);
            findings.Require(!wrong[file.Index], "content-missing", $"{_root}/{file.Path}", "The package has this file, the image has not.");
            _surplus.Remove(file.Path);
        }

        foreach (var path in _surplus.Order(StringComparer.Ordinal))
        {
            findings.Add("content-extra", $"{_root}/{path}", "The image has it, the package has not.");
        }

        return wrong;
    }

    private void CheckBytes(Package package, bool[] wrong)
    {
        using var content = package.ReadContent();
        ByteSource? current = null;
        var currentIndex = -1;
        var buffer = new byte[64 << 10];
        while (!findings.IsFull && content.TryRead(out var block))
        {
            var file = block.File;
            if (wrong[file.Index])
            {
                continue;
            }

            var place = $"{_root}/{file.Path}";
            if (file.Index != currentIndex)
            {
                currentIndex = file.Index;
                wrong[file.Index] = !findings.Try("content-unreadable", place, () => current = Open(file, place));
                if (wrong[file.Index] || !findings.Require(
                    current!.Length == file.SizeBytes, "content-size", place, $"It has {current.Length} bytes; the package's has {file.SizeBytes}."))
                {
                    wrong[file.Index] = true;
                    continue;
                }
            }

            var isEqual = false;
            findings.Try("content-unreadable", place, () => isEqual = IsEqual(current!, block, buffer, place));
            wrong[file.Index] = !isEqual;
        }
    }

    private ByteSource Open(PackageFile file, string place) => volume.OpenFile(volume.ReadRecord(_records[file.Path]), place);

    private bool IsEqual(ByteSource source, ContentBlock block, byte[] buffer, string place)
    {
        for (var done = 0; done < block.Bytes.Length;)
        {
            var piece = block.Bytes.Span[done..];
            piece = piece[..Math.Min(piece.Length, buffer.Length)];
            source.Read(block.OffsetBytes + done, buffer.AsSpan(0, piece.Length));
            var same = piece.CommonPrefixLength(buffer);
            if (same < piece.Length)
            {
                findings.Add("content-differs", place, $"Its content differs from the package's from byte {block.OffsetBytes + done + same} on.");
                return false;
            }

            done += piece.Length;
        }

        return true;
    }
}
