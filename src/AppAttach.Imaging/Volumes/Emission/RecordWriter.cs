using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Writes the records of $MFT, one by one in order.</summary>
internal sealed class RecordWriter
{
    private const string FolderIndexName = "$I30";

    private static readonly IndexRoot FolderIndexRoot = new(AttributeType.FileName, CollationRule.FileName, IndexBuffer.BlockSizeBytes, 1);

    private readonly VolumePlan _plan;
    private readonly NodeAttributes _attributes;
    private readonly FolderEntries _folderEntries;
    private readonly SystemRecordWriter _system;
    private int _nextFolder;

    /// <summary>Makes a writer that stands before record 0.</summary>
    public RecordWriter(VolumePlan plan)
    {
        _plan = plan;
        _attributes = new NodeAttributes(plan);
        _folderEntries = new FolderEntries(plan, _attributes);
        _system = new SystemRecordWriter(plan);
    }

    /// <summary>Writes the next record.</summary>
    /// <param name="recordNumber">Its number; records come in order.</param>
    /// <param name="target">1024 bytes, zero.</param>
    public void Write(int recordNumber, Span<byte> target)
    {
        var record = new RecordBuilder(target);
        if (recordNumber >= _plan.Nodes.Length
            || recordNumber is >= SystemRecord.FirstUnused and < SystemRecord.Quota
            || (recordNumber >= SystemRecord.FirstUser && !_plan.Nodes[recordNumber].HasName))
        {
            record.Complete(recordNumber, FileRecordFlags.None);
            return;
        }

        ref readonly var node = ref _plan.Nodes[recordNumber];
        _attributes.StandardInformationOf(recordNumber)
            .Write(record.AddResident(AttributeType.StandardInformation, default, StandardInformation.Size));
        if (node.HasName)
        {
            var fileName = _attributes.FileNameOf(recordNumber);
            fileName.Write(record.AddResident(AttributeType.FileName, default, fileName.SizeWithName), node.Name);
        }

        if (node.IsFolder)
        {
            AddFolder(ref record, recordNumber);
            record.Complete(recordNumber, FileRecordFlags.InUse | FileRecordFlags.Directory);
        }
        else if (recordNumber < SystemRecord.FirstUser)
        {
            record.Complete(recordNumber, FileRecordFlags.InUse | _system.AddTo(ref record, recordNumber));
        }
        else
        {
            AddContent(ref record, node.Content);
            record.Complete(recordNumber, FileRecordFlags.InUse);
        }
    }

    /// <summary>Adds the unnamed DATA: in the record when it is empty, else in clusters.</summary>
    public static void AddContent(ref RecordBuilder record, ClusterRun content)
    {
        if (content.SizeBytes == 0)
        {
            record.AddResident(AttributeType.Data, default, 0);
        }
        else
        {
            record.AddNonResident(AttributeType.Data, default, content);
        }
    }

    private void AddFolder(ref RecordBuilder record, int recordNumber)
    {
        var folder = _plan.Folders[_nextFolder++];
        if (folder.Record != recordNumber)
        {
            throw new InvalidOperationException($"Record {recordNumber} is a folder; the plan's next folder is {folder.Record}.");
        }

        _folderEntries.Folder = folder;
        IndexWriter.AddTo(ref record, FolderIndexName, FolderIndexRoot, folder.Index, _folderEntries, folder.ChildCount);
    }
}
