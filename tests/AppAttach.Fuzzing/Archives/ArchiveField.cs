namespace AppAttach.Fuzzing.Archives;

/// <summary>A number in a record of an archive: APPNOTE.TXT 4.3.7 to 4.3.16 and 4.5.3.</summary>
/// <param name="Record">What it belongs to.</param>
/// <param name="Offset">Where it stands, in bytes from the archive's first.</param>
/// <param name="Size">2, 4 or 8 bytes.</param>
internal readonly record struct ArchiveField(string Record, int Offset, int Size)
{
    private const int SignatureBytes = 4;

    // Sizes of the fields behind each record's signature, in their order.
    private static readonly (string Record, uint Signature, int[] Sizes)[] Records =
    [
        ("local header", 0x04034B50, [2, 2, 2, 2, 2, 4, 4, 4, 2, 2]),
        ("directory header", 0x02014B50, [2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4]),
        ("end record", 0x06054B50, [2, 2, 2, 2, 4, 4, 2]),
        ("zip64 end record", 0x06064B50, [8, 2, 2, 4, 4, 8, 8, 8, 8]),
        ("zip64 locator", 0x07064B50, [4, 8, 4]),
        ("data descriptor", 0x08074B50, [4, 8, 8]),
    ];

    /// <summary>Every field of everything that looks like a record, wherever it stands, by record.</summary>
    public static ILookup<string, ArchiveField> Find(byte[] archive)
    {
        var fields = new List<ArchiveField>();
        for (var at = 0; at + SignatureBytes <= archive.Length; at++)
        {
            var next = archive.AsSpan(at).IndexOf("PK"u8);
            if (next < 0 || at + next + SignatureBytes > archive.Length)
            {
                break;
            }

            at += next;
            Add(fields, archive, at);
        }

        return fields.ToLookup(field => field.Record);
    }

    private static void Add(List<ArchiveField> fields, byte[] archive, int at)
    {
        var signature = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(archive.AsSpan(at));
        var (record, _, sizes) = Array.Find(Records, record => record.Signature == signature);
        var offset = at + SignatureBytes;
        foreach (var size in sizes ?? [])
        {
            if (offset + size <= archive.Length)
            {
                fields.Add(new(record, offset, size));
            }

            offset += size;
        }
    }
}
