using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Adds to the records of system files what they hold besides times and name. Source: image-format notes 4.9.</summary>
/// <param name="plan">The volume's plan.</param>
internal sealed class SystemRecordWriter(VolumePlan plan)
{
    private const string SecurityStreamName = "$SDS";
    private const string BadClustersStreamName = "$Bad";
    private const string ObjectIndexName = "$O";
    private const string QuotaIndexName = "$Q";
    private const string ReparseIndexName = "$R";
    private const FileRecordFlags ExtendFlags = FileRecordFlags.InExtend | FileRecordFlags.ViewIndex;

    /// <summary>Adds the attributes of one system file that is no folder.</summary>
    /// <returns>Flags of its record besides <see cref="FileRecordFlags.InUse"/>.</returns>
    public FileRecordFlags AddTo(ref RecordBuilder record, int recordNumber)
    {
        switch (recordNumber)
        {
            case SystemRecord.Mft:
                RecordWriter.AddContent(ref record, plan.Content(recordNumber));
                record.AddNonResident(AttributeType.Bitmap, default, plan.MftBitmap);
                return FileRecordFlags.None;
            case SystemRecord.Volume:
                AddVolume(ref record);
                return FileRecordFlags.None;
            case SystemRecord.BadClusters:
                AddBadClusters(ref record);
                return FileRecordFlags.None;
            case SystemRecord.Secure:
                AddSecure(ref record);
                return FileRecordFlags.ViewIndex;
            case SystemRecord.Quota:
                AddQuota(ref record);
                return ExtendFlags;
            case SystemRecord.ObjectId:
                AddViewIndex(ref record, ObjectIndexName, CollationRule.UnsignedNumbers, QuotaEntries.None);
                return ExtendFlags;
            case SystemRecord.Reparse:
                AddViewIndex(ref record, ReparseIndexName, CollationRule.UnsignedNumbers, QuotaEntries.None);
                return ExtendFlags;
            default:
                RecordWriter.AddContent(ref record, plan.Content(recordNumber));
                return FileRecordFlags.None;
        }
    }

    private static IndexRoot ViewRoot(CollationRule collation) => new(AttributeType.None, collation, IndexBuffer.BlockSizeBytes, 1);

    private static void AddViewIndex(ref RecordBuilder record, string name, CollationRule collation, QuotaEntries entries) =>
        IndexWriter.AddRoot(ref record, name, ViewRoot(collation), null, entries, entries.Count);

    private void AddVolume(ref RecordBuilder record)
    {
        var label = plan.Options.Label;
        Utf16Name.Write(label, record.AddResident(AttributeType.VolumeName, default, label.Length * sizeof(char)));
        VolumeInformation.Clean.Write(record.AddResident(AttributeType.VolumeInformation, default, VolumeInformation.Size));
        record.AddResident(AttributeType.Data, default, 0);
    }

    // The stream has the length of the volume and is a hole where clusters are good: everywhere.
    private void AddBadClusters(ref RecordBuilder record)
    {
        record.AddResident(AttributeType.Data, default, 0);
        record.AddNonResident(
            AttributeType.Data,
            BadClustersStreamName,
            new DataRun(plan.ClusterCount, null),
            plan.ClusterCount * VolumeLimits.ClusterSizeBytes,
            0);
    }

    private void AddSecure(ref RecordBuilder record)
    {
        var byHash = plan.SecurityHashIndex;
        var byId = plan.SecurityIdIndex;
        var count = plan.Security.Entries.Count;
        record.AddNonResident(AttributeType.Data, SecurityStreamName, plan.SecurityStream);
        IndexWriter.AddRoot(
            ref record, SecurityIndexes.HashIndexName, ViewRoot(CollationRule.SecurityHash), byHash.Tree, SecurityIndexes.ByHash(plan.Security), count);
        IndexWriter.AddRoot(
            ref record, SecurityIndexes.IdIndexName, ViewRoot(CollationRule.UnsignedNumber), byId.Tree, SecurityIndexes.ById(plan.Security), count);
        IndexWriter.AddAllocation(ref record, SecurityIndexes.HashIndexName, byHash);
        IndexWriter.AddAllocation(ref record, SecurityIndexes.IdIndexName, byId);
        IndexWriter.AddBitmap(ref record, SecurityIndexes.HashIndexName, byHash);
        IndexWriter.AddBitmap(ref record, SecurityIndexes.IdIndexName, byId);
    }

    private void AddQuota(ref RecordBuilder record)
    {
        AddViewIndex(ref record, ObjectIndexName, CollationRule.SecurityIdentifier, QuotaEntries.Owners);
        AddViewIndex(ref record, QuotaIndexName, CollationRule.UnsignedNumber, QuotaEntries.Limits(plan.Options.Time.ToFileTime()));
    }
}
