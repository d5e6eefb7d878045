using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>
/// Emits a volume front to back: everything of the file system first, which needs no content, then the files' content as it is
/// given, then the end. Memory does not grow with the volume.
/// </summary>
internal sealed class VolumeWriter
{
    private const int UpcaseUnitsPerPart = 4096;
    private const long BitmapPartBytes = 64 << 10;
    private const int BitsPerByte = 8;

    private readonly VolumePlan _plan;
    private readonly ForwardWriter _output;
    private int _file = SystemRecord.FirstUser - 1;
    private long _contentEnd;

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
        _contentEnd = _output.Position;
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

        var end = _output.Position + clusters.Length;
        while (_contentEnd < end)
        {
            NextFile();
        }

        _output.Write(clusters);
    }

    /// <summary>Ends the volume, after the last byte of content.</summary>
    /// <exception cref="InvalidOperationException">Bytes are missing: a bug of the caller's.</exception>
    public void Complete()
    {
        _output.Require(_plan.UsedLengthBytes, "the end of the files");
        _output.SkipTo(_plan.BackupBootSectorOffsetBytes);
        _plan.BootSector.Write(_output.Claim(BootSector.Size));
        _output.Require(_plan.PartitionLengthBytes, "the end of the volume");
        _output.Flush();
    }

    private void NextFile()
    {
        do
        {
            _file++;
        }
        while (_file < _plan.Nodes.Length && _plan.Nodes[_file].SizeBytes == 0);

        if (_file >= _plan.Nodes.Length)
        {
            throw new InvalidOperationException("Content was given for more files than planned.");
        }

        var content = _plan.Content(_file);
        if (content.OffsetBytes != _contentEnd)
        {
            throw new InvalidOperationException($"Content of file '{_plan.Nodes[_file].Name}' comes at {_contentEnd} instead of {content.OffsetBytes}, as planned.");
        }

        _contentEnd = content.OffsetBytes + content.AllocatedBytes;
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
        BitRun.Set(bitmap, SystemRecord.Quota, _plan.Nodes.Length);
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

    // Used clusters stand at the front, and bits beyond the last cluster are set, so that nothing is put there.
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
