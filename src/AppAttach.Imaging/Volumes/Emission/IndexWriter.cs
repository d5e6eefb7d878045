using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Writes the nodes of an index: its root into a file record, its buffers into the volume.</summary>
internal static class IndexWriter
{
    /// <summary>Adds the attributes of an index to a record: its root, and what it needs when there are buffers.</summary>
    /// <param name="record">The record; other attributes of higher types must not have been added yet.</param>
    /// <param name="name">Name of the index.</param>
    /// <param name="root">Start of the root.</param>
    /// <param name="plan">Where its nodes stand.</param>
    /// <param name="entries">Its entries.</param>
    /// <param name="entryCount">Number of its entries.</param>
    public static void AddTo(
        ref RecordBuilder record, string name, IndexRoot root, IndexPlan plan, IIndexEntries entries, int entryCount)
    {
        AddRoot(ref record, name, root, plan.Tree, entries, entryCount);
        if (plan.Tree is not null)
        {
            AddAllocation(ref record, name, plan);
            AddBitmap(ref record, name, plan);
        }
    }

    /// <summary>Adds INDEX_ROOT.</summary>
    /// <param name="record">The record.</param>
    /// <param name="name">Name of the index.</param>
    /// <param name="root">Start of the root.</param>
    /// <param name="tree">How the entries are spread over buffers; null when all go into the root.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="entryCount">Number of the entries.</param>
    public static void AddRoot(
        ref RecordBuilder record, string name, IndexRoot root, IndexTree? tree, IIndexEntries entries, int entryCount)
    {
        Span<byte> node = stackalloc byte[FileRecordHeader.RecordSizeBytes];
        node.Clear();
        var level = tree?.LevelCount ?? 0;
        var used = WriteNode(node[IndexNodeHeader.Size..], tree, level, 0, tree?.RootEntryCount ?? entryCount, entries)
            + IndexNodeHeader.Size;
        new IndexNodeHeader(IndexNodeHeader.Size, used, used, tree is not null).Write(node);

        var value = record.AddResident(AttributeType.IndexRoot, name, IndexRoot.Size + used);
        root.Write(value);
        node[..used].CopyTo(value[IndexRoot.Size..]);
    }

    /// <summary>Adds INDEX_ALLOCATION.</summary>
    public static void AddAllocation(ref RecordBuilder record, string name, IndexPlan plan) =>
        record.AddNonResident(AttributeType.IndexAllocation, name, plan.Buffers);

    /// <summary>Adds BITMAP.</summary>
    public static void AddBitmap(ref RecordBuilder record, string name, IndexPlan plan)
    {
        if (plan.IsBitmapResident)
        {
            BitRun.Set(record.AddResident(AttributeType.Bitmap, name, plan.BitmapSizeBytes), 0, plan.Tree!.BufferCount);
        }
        else
        {
            record.AddNonResident(AttributeType.Bitmap, name, plan.Bitmap);
        }
    }

    /// <summary>Writes the buffers of an index, and its bitmap where that is not in the record.</summary>
    public static void WriteBuffers(ForwardWriter output, IndexPlan plan, IIndexEntries entries)
    {
        if (plan.Tree is not { } tree)
        {
            return;
        }

        output.Require(plan.Buffers.OffsetBytes, "index buffers");
        for (var level = 0; level < tree.LevelCount; level++)
        {
            for (var row = 0; row < tree.RowCount(level); row++)
            {
                WriteBuffer(output.Claim(IndexBuffer.BlockSizeBytes), tree, level, row, entries);
            }
        }

        if (!plan.IsBitmapResident)
        {
            output.Require(plan.Bitmap.OffsetBytes, "index bitmap");
            BitRun.Set(output.Claim((int)plan.Bitmap.AllocatedBytes), 0, tree.BufferCount);
        }
    }

    private static void WriteBuffer(Span<byte> buffer, IndexTree tree, int level, int row, IIndexEntries entries)
    {
        var (first, end) = tree.Row(level, row);
        var node = buffer[IndexBuffer.Size..];
        var used = WriteNode(node[IndexBuffer.EntriesOffset..], tree, level, first, end, entries) + IndexBuffer.EntriesOffset;
        new IndexBuffer(tree.VcnOf(level, row)).Write(buffer);
        new IndexNodeHeader(IndexBuffer.EntriesOffset, used, node.Length, level > 0).Write(node);
        UpdateSequence.Apply(buffer);
    }

    private static int WriteNode(Span<byte> target, IndexTree? tree, int level, int first, int end, IIndexEntries entries)
    {
        var position = 0;
        for (var item = first; item < end; item++)
        {
            var length = entries.Write(tree?.EntryOf(level, item) ?? item, level > 0, target[position..]);
            if (level > 0)
            {
                IndexEntry.Read(target[position..]).WriteChild(target[position..], tree!.VcnOf(level - 1, item));
            }

            position += length;
        }

        var last = new IndexEntry(0, (ushort)IndexEntry.SizeOfLast(level > 0), 0, level > 0, IsLast: true);
        last.Write(target[position..]);
        if (level > 0)
        {
            last.WriteChild(target[position..], tree!.VcnOf(level - 1, end));
        }

        return position + last.LengthBytes;
    }
}
