using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>
/// Emits a volume front to back: everything of the file system first, which needs no content, then the files' content as it is
/// given, then the end. Memory does not grow with the volume: what is held of content is bounded by <see cref="ContentPlacement.MaximumHeldBytes"/>.
/// </summary>
internal sealed class VolumeWriter
{
    private const int UpcaseUnitsPerPart = 4096;
    private const long BitmapPartBytes = 64 << 10;
    private const int BitsPerByte = 8;

    private readonly VolumePlan _plan;
    private readonly ForwardWriter _output;
    private readonly List<(int Record, byte[] Content)> _held = [];
    private int _file = -1;
    private long _fileOffset;
    private long _fileLeft;
    private byte[]? _holding;

    /// <summary>Makes a writer; nothing is written yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sink">Takes the partition's bytes.</param>
    public VolumeWriter(VolumePlan plan, IVolumeSink sink)
    {
        _plan = plan;
        _output = new ForwardWriter(sink);
    }

    /// <summary>Bytes of the partition written so far.</summary>
    public long Position => _output.Position;

    /// <summary>Writes everything that stands before the first file's content.</summary>
    public void WriteFileSystem()
    {
        WriteBoot();
        WriteMftBitmap();
        WriteRecords();
        WriteLog();
        WriteAttributeDefinitions();
        WriteUpcase();
        WriteSecurity();
        WriteBitmap();
        WriteFolders();
        _output.Require(_plan.FileSystemEndCluster * VolumeLimits.ClusterSizeBytes, "the end of the file system");
    }

    /// <summary>Writes the next clusters of content: all clusters of all files that have any, in order.</summary>
    /// <param name="clusters">Whole clusters: bytes of files, and behind a file's last byte zeros to the end of its last cluster.</param>
    /// <exception cref="InvalidOperationException">There are more clusters than planned, or no whole ones: a bug of the caller's.</exception>
    public void WriteContent(ReadOnlySpan<byte> clusters)
    {
        if (clusters.Length % VolumeLimits.ClusterSizeBytes != 0)
        {
            throw new InvalidOperationException($"{clusters.Length} bytes of content are no whole clusters.");
        }

        var (start, end) = (0, 0);
        while (end < clusters.Length)
        {
            if (_fileLeft == 0)
            {
                NextFile();
                if (_holding is not null || _fileOffset != Position + end - start)
                {
                    _output.Write(clusters[start..end]);
                    start = end;
                    FillTo(_holding is null ? _fileOffset : Position);
                }
            }

            var count = (int)Math.Min(clusters.Length - end, _fileLeft);
            if (_holding is not null)
            {
                clusters.Slice(end, count).CopyTo(_holding.AsSpan((int)(_holding.Length - _fileLeft)));
                start = end + count;
            }

            end += count;
            _fileLeft -= count;
        }

        _output.Write(clusters[start..end]);
    }

    /// <summary>Ends the volume, after the last byte of content.</summary>
    /// <exception cref="InvalidOperationException">Bytes are missing: a bug of the caller's.</exception>
    public void Complete()
    {
        foreach (var (record, content) in _held)
        {
            FillTo(_plan.Content(record).OffsetBytes);
            _output.Write(content);
        }

        _output.Require(_plan.UsedLengthBytes, "the end of the files");
        _output.SkipTo(_plan.BackupBootSectorOffsetBytes);
        _plan.BootSector.Write(_output.Claim(BootSector.Size));
        _output.Require(_plan.PartitionLengthBytes, "the end of the volume");
        _output.Flush();
    }

    // Content is given in the order of the files, and stands in it, with free clusters in between; only what is held stands behind all else.
    private void NextFile()
    {
        do
        {
            _file++;
        }
        while (_file < _plan.Files.Length && _plan.Nodes[_plan.Files[_file]].SizeBytes == 0);

        if (_file >= _plan.Files.Length)
        {
            throw new InvalidOperationException("Content was given for more files than planned.");
        }

        var record = _plan.Files[_file];
        var content = _plan.Content(record);
        (_fileOffset, _fileLeft) = (content.OffsetBytes, content.AllocatedBytes);
        _holding = null;
        if (_plan.Placement.Held.Contains(_file))
        {
            _holding = new byte[content.AllocatedBytes];
            _held.Add((record, _holding));
        }
    }

    private void FillTo(long offsetBytes)
    {
        if (offsetBytes < Position)
        {
            throw new InvalidOperationException($"Content comes at {Position} instead of {offsetBytes}, as planned.");
        }

        _output.Fill(0, offsetBytes - Position);
    }

    private void WriteBoot()
    {
        var boot = _plan.Content(SystemRecord.Boot);
        _output.Require(boot.OffsetBytes, "$Boot");
        _plan.BootSector.Write(_output.Claim((int)boot.AllocatedBytes));
    }

    private void WriteMftBitmap()
    {
        _output.Require(_plan.MftBitmap.OffsetBytes, "$MFT's bitmap");
        var bitmap = new byte[_plan.MftBitmap.AllocatedBytes];
        BitRun.Set(bitmap, 0, SystemRecord.FirstUnused);
        BitRun.Set(bitmap, SystemRecord.Quota, SystemRecord.FirstUser);
        for (var record = SystemRecord.FirstUser; record < _plan.Nodes.Length; record++)
        {
            if (_plan.Nodes[record].HasName)
            {
                BitRun.Set(bitmap, record, record + 1);
            }
        }

        _output.Write(bitmap);
    }

    private void WriteRecords()
    {
        _output.Require(_plan.Content(SystemRecord.Mft).OffsetBytes, "$MFT");
        var mirror = new byte[SystemRecord.MirroredCount * FileRecordHeader.RecordSizeBytes];
        var records = new RecordWriter(_plan);
        for (var number = 0; number < _plan.RecordCount; number++)
        {
            var record = _output.Claim(FileRecordHeader.RecordSizeBytes);
            records.Write(number, record);
            if (number < SystemRecord.MirroredCount)
            {
                record.CopyTo(mirror.AsSpan(number * FileRecordHeader.RecordSizeBytes));
            }
        }

        _output.Require(_plan.Content(SystemRecord.MftMirror).OffsetBytes, "$MFTMirr");
        _output.Write(mirror);
    }

    // Two equal restart pages say that the volume was left clean; the rest has never been used.
    private void WriteLog()
    {
        const int restartPageCount = 2;
        var log = _plan.Content(SystemRecord.LogFile);
        _output.Require(log.OffsetBytes, "$LogFile");
        for (var page = 0; page < restartPageCount; page++)
        {
            LogRestartPage.Clean(log.SizeBytes).Write(_output.Claim(LogRestartPage.Size));
        }

        _output.Fill(byte.MaxValue, log.AllocatedBytes - (restartPageCount * LogRestartPage.Size));
    }

    private void WriteAttributeDefinitions()
    {
        var definitions = _plan.Content(SystemRecord.AttributeDefinitions);
        _output.Require(definitions.OffsetBytes, "$AttrDef");
        AttributeDefinition.WriteTable(_output.Claim((int)definitions.AllocatedBytes));
    }

    private void WriteUpcase()
    {
        _output.Require(_plan.Content(SystemRecord.Upcase).OffsetBytes, "$UpCase");
        for (var unit = 0; unit <= char.MaxValue; unit += UpcaseUnitsPerPart)
        {
            UpcaseTable.Windows.Write(unit, _output.Claim(UpcaseUnitsPerPart * sizeof(char)));
        }
    }

    private void WriteSecurity()
    {
        var security = _plan.Security;
        _output.Require(_plan.SecurityStream.OffsetBytes, "$Secure:$SDS");
        for (var part = 0; part < security.PartCount; part++)
        {
            var bytes = security.ReadPart(part);
            _output.Write(bytes);
            _output.Fill(0, SecurityDescriptorEntry.CopyDistanceBytes - bytes.Length);
            _output.Write(bytes);
        }

        _output.Fill(0, _plan.SecurityStream.AllocatedBytes - security.StreamSizeBytes);
        IndexWriter.WriteBuffers(_output, _plan.SecurityHashIndex, SecurityIndexes.ByHash(security));
        IndexWriter.WriteBuffers(_output, _plan.SecurityIdIndex, SecurityIndexes.ById(security));
    }

    // Bits beyond the last cluster are set, so that nothing is put there.
    private void WriteBitmap()
    {
        var bitmap = _plan.Content(SystemRecord.Bitmap);
        _output.Require(bitmap.OffsetBytes, "$Bitmap");
        var bits = bitmap.SizeBytes * BitsPerByte;
        for (long done = 0; done < bitmap.AllocatedBytes;)
        {
            var count = Math.Min(BitmapPartBytes, bitmap.AllocatedBytes - done);
            var part = _output.Claim((int)count);
            var first = done * BitsPerByte;
            var end = first + (count * BitsPerByte);
            BitRun.Set(part, 0, Math.Clamp(_plan.UsedClusterCount, first, end) - first);
            foreach (var gap in _plan.FreeRuns)
            {
                BitRun.Clear(part, Math.Clamp(gap.FirstCluster, first, end) - first, Math.Clamp(gap.EndCluster, first, end) - first);
            }

            BitRun.Set(part, Math.Clamp(_plan.ClusterCount, first, end) - first, Math.Clamp(bits, first, end) - first);
            done += count;
        }
    }

    private void WriteFolders()
    {
        var entries = new FolderEntries(_plan, new NodeAttributes(_plan));
        foreach (var folder in _plan.Folders)
        {
            entries.Folder = folder;
            IndexWriter.WriteBuffers(_output, folder.Index, entries);
        }
    }
}
