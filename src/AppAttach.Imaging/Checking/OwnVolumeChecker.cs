using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// Holds a volume that we wrote against what we write, beyond what NTFS asks for: every byte of a record or buffer follows from its values, each value is the
/// only one possible or stands in two places. It finds a flipped bit nearly anywhere in the file system; a volume of others would break most of these rules.
/// </summary>
/// <param name="partition">The partition.</param>
/// <param name="volume">The volume in it.</param>
/// <param name="state">What the first pass remembered.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class OwnVolumeChecker(ByteSource partition, VolumeReader volume, VolumeState state, FindingList findings)
{
    private const string RecordRule = "own-record";
    private const string IndexRule = "own-index";
    private const string SystemRule = "own-system";
    private const FileAttributeFlags SystemFile = FileAttributeFlags.Hidden | FileAttributeFlags.System;

    private readonly ulong[] _fileNames = new ulong[state.Records];
    private readonly uint[] _securityIds = new uint[state.Records];

    /// <summary>Makes the checks.</summary>
    public void Check()
    {
        var raw = new byte[volume.Boot.FileRecordSizeBytes];
        for (var number = 0; number < state.Records && !findings.IsFull; number++)
        {
            // What cannot be read has been named by the pass before.
            findings.Try(RecordRule, $"file record {number}", () => CheckRecord(number, raw));
        }

        for (var number = 0; number < state.Records && !findings.IsFull; number++)
        {
            if (state.IsBase(number) && state.IsFolder(number))
            {
                findings.Try(IndexRule, $"folder of file record {number}", () => CheckIndex(volume.ReadRecord(number), IndexReader.FolderIndexName));
            }
        }

        findings.Try(IndexRule, "$Secure", () => CheckIndex(volume.ReadRecord(SystemRecord.Secure), "$SDH"));
        findings.Try(IndexRule, "$Secure", () => CheckIndex(volume.ReadRecord(SystemRecord.Secure), "$SII"));
        findings.Try(SystemRule, "system files", CheckSystemContent);
        CheckInheritance();
    }

    private void CheckRecord(int number, byte[] raw)
    {
        volume.ReadRecordBytes(number, raw);
        var record = FileRecord.Read(number, raw.ToArray());
        var place = $"file record {number}";
        findings.Require(
            CanonicalForm.IsOf(record, raw), RecordRule, place, "Something stands in a reserved field, in padding or behind its end.");
        findings.Require(
            record.Header.SequenceNumber == SystemRecord.SequenceNumber(number) && record.Header.Flags == FlagsOf(number, record),
            RecordRule,
            place,
            $"It has the sequence number {record.Header.SequenceNumber} and the flags {(int)record.Header.Flags:X}, which no record of ours has there.");
        findings.Require(
            record.Header.NextAttributeInstance == record.Attributes.Count
            && record.Attributes.Select((attribute, index) => attribute.Header.Instance == index && attribute.Header.Flags == AttributeFlags.None).All(isRight => isRight),
            RecordRule,
            place,
            "Its attributes are not numbered in order, or one has a flag.");
        if (!record.IsInUse)
        {
            return;
        }

        foreach (var attribute in record.Attributes)
        {
            CheckSizes(number, attribute, place);
        }

        CheckValues(number, record, place);
    }

    private static FileRecordFlags FlagsOf(int number, FileRecord record) => record.IsInUse
        ? FileRecordFlags.InUse | number switch
        {
            SystemRecord.Secure => FileRecordFlags.ViewIndex,
            SystemRecord.Quota or SystemRecord.ObjectId or SystemRecord.Reparse => FileRecordFlags.InExtend | FileRecordFlags.ViewIndex,
            _ => record.Header.Flags & FileRecordFlags.Directory,
        }
        : FileRecordFlags.None;

    private void CheckSizes(int number, RecordAttribute attribute, string place)
    {
        if (attribute.NonResident is not { } header)
        {
            return;
        }

        var clusterSize = volume.Boot.ClusterSizeBytes;
        var clusters = header.HighestVcn + 1;
        var isHole = number == SystemRecord.BadClusters;
        var isRight = findings.Require(
            header.LowestVcn == 0 && header.CompressionUnitExponent == 0 && header.AllocatedBytes == clusters * clusterSize
            && DiskUnits.Align(header.SizeBytes, clusterSize) == header.AllocatedBytes && header.InitializedBytes == (isHole ? 0 : header.SizeBytes),
            RecordRule,
            place,
            $"Attribute {attribute.Header.Type} has {header.SizeBytes} bytes, {header.InitializedBytes} initialised, in {header.AllocatedBytes} of {clusters} clusters.");
        if (isRight && number < SystemRecord.FirstUser && !isHole && attribute.ReadRuns(volume.Boot.ClusterCount) is [{ Lcn: { } lcn }])
        {
            var slack = new byte[header.AllocatedBytes - header.SizeBytes];
            partition.Read((lcn * clusterSize) + header.SizeBytes, slack);
            findings.Require(!slack.AsSpan().ContainsAnyExcept((byte)0), SystemRule, place, $"Something stands behind the end of attribute {attribute.Header.Type}.");
        }
    }

    private void CheckValues(int number, FileRecord record, string place)
    {
        var information = record.ReadStandardInformation() ?? throw CorruptVolume.Because("file record", $"{number} has no STANDARD_INFORMATION");
        var times = information.Times;
        _securityIds[number] = information.SecurityId;
        findings.Require(
            times == FileTimes.AllAt(times.Created) && information.Attributes == AttributesOf(number, record),
            RecordRule,
            place,
            $"Its four times differ, or its attributes are {(int)information.Attributes:X}.");
        if (record.Find(AttributeType.FileName) is not { } attribute)
        {
            return;
        }

        _fileNames[number] = VolumeState.HashOf(attribute.Value.Span);
        var fileName = FileName.Read(attribute.Value.Span);
        var data = record.Find(AttributeType.Data);
        var folder = record.IsFolder ? FileAttributeFlags.FileNameIndexPresent : FileAttributeFlags.None;
        findings.Require(
            fileName.Times == times && fileName.Attributes == (information.Attributes | folder)
            && fileName.SizeBytes == (data?.SizeBytes ?? 0) && fileName.AllocatedBytes == (data?.AllocatedBytes ?? 0),
            RecordRule,
            place,
            "Its name gives other times, attributes or sizes than it has.");
    }

    private static FileAttributeFlags AttributesOf(int number, FileRecord record) => number switch
    {
        SystemRecord.Secure or SystemRecord.Quota or SystemRecord.ObjectId or SystemRecord.Reparse => SystemFile | FileAttributeFlags.ViewIndexPresent,
        < SystemRecord.FirstUser => SystemFile,
        _ => record.IsFolder ? FileAttributeFlags.None : FileAttributeFlags.Archive,
    };

    private void CheckIndex(FileRecord record, string name)
    {
        var index = new IndexReader(volume, record, name);
        var isFolder = name == IndexReader.FolderIndexName;
        var place = $"index {name} of file record {record.Number}";
        CheckEntries(index.Root, isFolder, place);
        if (!findings.Require(
            index.Header.BlockSizeBytes == IndexBuffer.BlockSizeBytes && volume.Boot.ClusterSizeBytes == IndexBuffer.BlockSizeBytes,
            IndexRule,
            place,
            $"Its blocks have {index.Header.BlockSizeBytes} bytes and clusters {volume.Boot.ClusterSizeBytes}; ours have {IndexBuffer.BlockSizeBytes}."))
        {
            return;
        }

        var raw = new byte[index.Header.BlockSizeBytes];
        for (var block = 0; block < index.BlockCount && !findings.IsFull; block++)
        {
            index.ReadRawBlock(block, raw);
            var node = index.ReadBlock(block);
            findings.Require(
                CanonicalForm.IsOf(block, node, isFolder, raw), IndexRule, place, $"In its block {block} something stands in a reserved field, in padding or behind the end.");
            CheckEntries(node, isFolder, place);
        }
    }

    private void CheckEntries(IndexNode node, bool isFolder, string place)
    {
        foreach (var entry in node.Entries)
        {
            if (isFolder && !entry.Header.IsLast && entry.Header.File.RecordNumber < state.Records)
            {
                var target = entry.Header.File.RecordNumber;
                findings.Require(
                    _fileNames[target] == VolumeState.HashOf(entry.Key.Span), IndexRule, place, $"Its entry for file record {target} is no copy of that record's name.");
            }
        }
    }

    private void CheckSystemContent()
    {
        var log = Read(SystemRecord.LogFile);
        var page = new byte[LogRestartPage.Size];
        LogRestartPage.Clean(log.Length).Write(page);
        findings.Require(
            log.AsSpan().StartsWith(page) && log.AsSpan(page.Length).StartsWith(page) && !log.AsSpan(2 * page.Length).ContainsAnyExcept(byte.MaxValue),
            SystemRule,
            "$LogFile",
            "It is not a clean log that was never used.");
        var definitions = new byte[AttributeDefinition.TableSizeBytes];
        AttributeDefinition.WriteTable(definitions);
        findings.Require(Read(SystemRecord.AttributeDefinitions).AsSpan().SequenceEqual(definitions), SystemRule, "$AttrDef", "It is not the usual table.");
        var boot = Read(SystemRecord.Boot);
        var sector = new byte[BootSector.Size];
        volume.Boot.Write(sector);
        findings.Require(
            boot.AsSpan().StartsWith(sector) && !boot.AsSpan(sector.Length).ContainsAnyExcept((byte)0), SystemRule, "$Boot", "There is more in it than the boot sector's values.");
    }

    private byte[] Read(int record)
    {
        const int most = 1 << 20;
        var content = volume.OpenAttribute(volume.ReadRecord(record), AttributeType.Data) ?? throw CorruptVolume.Because("file record", $"{record} has no content");
        var bytes = new byte[Math.Min(content.Length, most)];
        content.Read(0, bytes);
        return bytes;
    }

    // What lies in a package inherits: under folders with one descriptor all files have one, and all folders have one.
    private void CheckInheritance()
    {
        var inherited = new Dictionary<(uint Folder, bool IsFolder), uint>();
        for (var number = SystemRecord.FirstUser; number < state.Records && !findings.IsFull; number++)
        {
            var parent = state.ParentOf(number);
            if (!state.IsBase(number) || parent >= state.Records || parent < SystemRecord.FirstUser || state.ParentOf(parent) == SystemRecord.RootFolder)
            {
                continue;
            }

            var key = (_securityIds[parent], state.IsFolder(number));
            findings.Require(
                inherited.TryAdd(key, _securityIds[number]) || inherited[key] == _securityIds[number],
                "own-security",
                $"file record {number}",
                $"Its security id {_securityIds[number]} is not the one that others inherit there, {inherited[key]}.");
        }
    }
}
