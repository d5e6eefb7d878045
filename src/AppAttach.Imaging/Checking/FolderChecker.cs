using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>Second pass over a volume: every folder's index, and each of its entries against the record it names.</summary>
/// <param name="volume">The volume.</param>
/// <param name="state">What the first pass remembered.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class FolderChecker(VolumeReader volume, VolumeState state, FindingList findings)
{
    private const byte Unknown = 0;
    private const byte OnTheWay = 1;
    private const byte Reachable = 2;

    /// <summary>Makes the pass.</summary>
    public void Check()
    {
        for (var number = 0; number < state.Records && !findings.IsFull; number++)
        {
            if (state.IsBase(number) && state.IsFolder(number))
            {
                findings.Try("index", $"folder of file record {number}", () => CheckFolder(number));
            }
        }

        for (var number = 0; number < state.Records && !findings.IsFull; number++)
        {
            if (state.IsBase(number) && state.Unmatched(number) is { } unmatched)
            {
                findings.Add("name-unlisted", $"file record {number}", unmatched switch
                {
                    > 0 => $"{unmatched} of its names are in no folder.",
                    < 0 => $"Folders list it {-unmatched} times more than it has names.",
                    _ => "Folders list it by another name than its own, or another folder than the one it names.",
                });
            }
        }

        CheckReachable();
    }

    private void CheckFolder(int number)
    {
        var folder = volume.ReadRecord(number);
        var index = new IndexReader(volume, folder, IndexReader.FolderIndexName);
        var place = $"folder of file record {number}";
        findings.Require(
            index.Header.IndexedType == AttributeType.FileName && index.Header.Collation == CollationRule.FileName,
            "index",
            place,
            "Its index is not one of file names.");
        var walk = new IndexWalk(index, findings, place);
        string? before = null;
        foreach (var entry in walk.Enumerate())
        {
            var fileName = FileName.Read(entry.Key.Span);
            var name = fileName.ReadName(entry.Key.Span);
            findings.Require(
                before is null || volume.Upcase.Compare(before, name) < 0, "index-order", place, $"'{name}' stands behind '{before}'.");
            before = name;
            CheckEntry(folder, entry.Header.File, fileName, name, place);
            if (findings.IsFull)
            {
                return;
            }
        }

        walk.CheckBitmap(volume.OpenAttribute(folder, AttributeType.Bitmap, IndexReader.FolderIndexName));
    }

    private void CheckEntry(FileRecord folder, FileReference target, FileName fileName, string name, string place)
    {
        var record = target.RecordNumber;
        if (!findings.Require(
            record < state.Records && state.IsBase(record) && state.SequenceOf(record) == target.SequenceNumber,
            "index-reference",
            place,
            $"'{name}' refers to record {record}, sequence {target.SequenceNumber}, which is not a file's."))
        {
            return;
        }

        findings.Require(
            fileName.Parent == folder.Reference, "index-parent", place, $"'{name}' says that it lies in record {fileName.Parent.RecordNumber}.");
        findings.Require(
            fileName.IsDirectory == state.IsFolder(record), "folder-flag", place, $"'{name}' and its record disagree on whether it is a folder.");

        // Of its own files NTFS does not keep these copies up to date.
        findings.Require(
            record < SystemRecord.FirstUnused || state.HasSizes(record, fileName.SizeBytes, fileName.AllocatedBytes),
            "index-size",
            place,
            $"'{name}' gives {fileName.SizeBytes} bytes in {fileName.AllocatedBytes}; record {record} has others.");
        state.RemoveName(record, folder.Reference, fileName.NameSpace, name);
    }

    /// <summary>Each record's way up must end in the root; one that does not lies in a loop or below a file.</summary>
    private void CheckReachable()
    {
        var seen = new byte[state.Records];
        seen[SystemRecord.RootFolder] = Reachable;
        var way = new List<int>();
        for (var number = 0; number < state.Records && !findings.IsFull; number++)
        {
            // Records without a name are those that NTFS keeps for itself; what else lacks one was found before.
            if (!state.IsBase(number) || state.ParentOf(number) == 0)
            {
                continue;
            }

            way.Clear();
            var current = number;
            while (current < state.Records && state.IsBase(current) && seen[current] == Unknown && (current == number || state.IsFolder(current)))
            {
                seen[current] = OnTheWay;
                way.Add(current);
                current = state.ParentOf(current);
            }

            var isReachable = current < state.Records && seen[current] == Reachable && state.IsFolder(current);
            findings.Require(isReachable || way.Count == 0, "orphan", $"file record {number}", "Its folders do not lead to the root.");
            way.ForEach(record => seen[record] = isReachable ? Reachable : OnTheWay);
        }
    }
}
