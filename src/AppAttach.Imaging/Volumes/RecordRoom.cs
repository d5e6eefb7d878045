using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes;

/// <summary>What fits into a file record of 1024 bytes, by exact arithmetic.</summary>
internal static class RecordRoom
{
    /// <summary>Characters of every index name, such as <c>$I30</c> or <c>$SDH</c>.</summary>
    public const int IndexNameLength = 4;

    /// <summary>Bytes of a run list of one run on a volume of up to 2 TiB: header, four bytes each for length and place, end.</summary>
    private const int MaximumRunlistBytes = 10;

    /// <summary>Bytes for index entries in a folder's record when all of them are there, the last one included.</summary>
    /// <param name="nameLength">UTF-16 units of the folder's name.</param>
    public static int SmallIndexCapacity(int nameLength) => FileRecordHeader.RecordSizeBytes
        - FileRecordHeader.FirstAttributePosition
        - ResidentAttributeHeader.AttributeSize(0, StandardInformation.Size)
        - ResidentAttributeHeader.AttributeSize(0, FileName.SizeWith(nameLength))
        - ResidentAttributeHeader.AttributeSize(IndexNameLength, IndexRoot.Size + IndexNodeHeader.Size)
        - FileRecordHeader.EndMarkSize;

    /// <summary>Bytes for index entries in a folder's record when there are index buffers too, the last one included.</summary>
    /// <param name="nameLength">UTF-16 units of the folder's name.</param>
    public static int LargeIndexCapacity(int nameLength) => SmallIndexCapacity(nameLength)
        - NonResidentAttributeHeader.AttributeSize(IndexNameLength, MaximumRunlistBytes)
        - Math.Max(
            NonResidentAttributeHeader.AttributeSize(IndexNameLength, MaximumRunlistBytes),
            ResidentAttributeHeader.AttributeSize(IndexNameLength, IndexPlan.MaximumResidentBitmapBytes));
}
