using System.Numerics;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>Checks an NTFS volume.</summary>
/// <param name="partition">The partition it stands in.</param>
/// <param name="partitionOffsetBytes">Where the partition starts on the disk.</param>
/// <param name="isOwn">Whether the writer here made it: then more rules hold.</param>
/// <param name="options">Limits.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class VolumeChecker(ByteSource partition, long partitionOffsetBytes, bool isOwn, CheckOptions options, FindingList findings)
{
    /// <summary>Files without NTFS' own.</summary>
    public int Files { get; private set; }

    /// <summary>Folders without NTFS' own.</summary>
    public int Folders { get; private set; }

    /// <summary>Makes the checks.</summary>
    /// <returns>The volume when it is fit to read files from, else null.</returns>
    public VolumeReader? Check()
    {
        VolumeReader? volume = null;
        if (!findings.Try("volume", "NTFS volume", () => volume = new VolumeReader(partition)))
        {
            return null;
        }

        CheckBoot(volume!.Boot);
        if (volume.RecordCount > options.MaximumRecords || volume.Boot.ClusterCount > options.MaximumClusters)
        {
            findings.Add(
                "unsupported",
                "NTFS volume",
                $"It has {volume.RecordCount} records and {volume.Boot.ClusterCount} clusters; {options.MaximumRecords} and {options.MaximumClusters} are the limits.");
            findings.LeaveOut();
            return null;
        }

        findings.Try("mft-mirror", "$MFTMirr", () => CheckMirror(volume));
        findings.Try("upcase", "$UpCase", () => CheckUpcase(volume));
        findings.Try("volume-information", "$Volume", () => CheckVolumeInformation(volume));

        var state = new VolumeState((int)volume.RecordCount);
        var records = new RecordChecker(volume, state, findings);
        if (!findings.Try("mft-bitmap", "$MFT", records.Check))
        {
            return null;
        }

        (Files, Folders) = (records.Files, records.Folders);
        if (records.HasDoubleUse || findings.IsFull)
        {
            findings.LeaveOut();
            return null;
        }

        findings.Try("bitmap", "$Bitmap", () => CheckBitmap(volume, records.UsedClusters));
        findings.Try("secure", "$Secure", new SecurityChecker(volume, state, isOwn, findings).Check);
        new FolderChecker(volume, state, findings).Check();
        if (isOwn)
        {
            new OwnVolumeChecker(partition, volume, state, findings).Check();
        }

        return volume;
    }

    private void CheckBoot(BootSector boot)
    {
        Span<byte> first = new byte[BootSector.Size];
        Span<byte> backup = new byte[BootSector.Size];
        partition.Read(0, first);
        if (findings.Require(
            boot.SectorCount < partition.Length / BootSector.SectorSizeBytes,
            "boot-backup",
            "boot sector",
            $"{boot.SectorCount} sectors leave no room for the backup in a partition of {partition.Length} bytes."))
        {
            partition.Read(boot.SectorCount * BootSector.SectorSizeBytes, backup);
            findings.Require(first.SequenceEqual(backup), "boot-backup", "boot sector", "Its backup behind the volume differs.");
        }

        findings.Require(
            boot.HiddenSectors == partitionOffsetBytes / BootSector.SectorSizeBytes,
            "boot-sector",
            "boot sector",
            $"It says that {boot.HiddenSectors} sectors stand before the partition; there are {partitionOffsetBytes / BootSector.SectorSizeBytes}.");
        findings.Require(boot.SerialNumber != 0, "boot-sector", "boot sector", "The volume's serial number is 0.");
    }

    private void CheckMirror(VolumeReader volume)
    {
        var mirror = volume.FindAttribute(volume.ReadRecord(SystemRecord.MftMirror), AttributeType.Data);
        var content = volume.OpenAttribute(volume.ReadRecord(SystemRecord.MftMirror), AttributeType.Data);
        var length = SystemRecord.MirroredCount * volume.Boot.FileRecordSizeBytes;
        if (!findings.Require(
            mirror?.NonResident is not null && content!.Length >= length
            && mirror.ReadRuns(volume.Boot.ClusterCount) is [var run, ..] && run.Lcn == volume.Boot.MftMirrorCluster,
            "mft-mirror",
            "$MFTMirr",
            "It is too short, or not where the boot sector says."))
        {
            return;
        }

        Span<byte> copy = new byte[volume.Boot.FileRecordSizeBytes];
        Span<byte> original = new byte[volume.Boot.FileRecordSizeBytes];
        for (var number = 0; number < SystemRecord.MirroredCount; number++)
        {
            content!.Read(number * (long)copy.Length, copy);
            volume.ReadRecordBytes(number, original);
            findings.Require(copy.SequenceEqual(original), "mft-mirror", "$MFTMirr", $"Its copy of record {number} differs.");
        }
    }

    private void CheckUpcase(VolumeReader volume)
    {
        var table = new byte[UpcaseTable.SizeBytes];
        var known = new byte[UpcaseTable.SizeBytes];
        var content = volume.OpenAttribute(volume.ReadRecord(SystemRecord.Upcase), AttributeType.Data);
        UpcaseTable.Windows.Write(0, known);
        if (findings.Require(content?.Length == table.Length, "upcase", "$UpCase", $"It does not have {table.Length} bytes."))
        {
            content!.Read(0, table);
            findings.Require(
                table.AsSpan().SequenceEqual(known), "upcase", "$UpCase", "It is not the table of Windows 7 and later, so names may not be found.");
        }
    }

    private void CheckVolumeInformation(VolumeReader volume)
    {
        var attribute = volume.ReadRecord(SystemRecord.Volume).Find(AttributeType.VolumeInformation);
        if (!findings.Require(attribute is not null, "volume-information", "$Volume", "It has no VOLUME_INFORMATION."))
        {
            return;
        }

        var information = VolumeInformation.Read(attribute!.Value.Span);
        findings.Require(
            (information.MajorVersion, information.MinorVersion) == (3, 1),
            "volume-information",
            "$Volume",
            $"Its version is {information.MajorVersion}.{information.MinorVersion} instead of 3.1.");
        findings.Require((information.Flags & VolumeInformation.DirtyFlag) == 0, "volume-dirty", "$Volume", "The volume is marked dirty.");
    }

    private void CheckBitmap(VolumeReader volume, BitSet used)
    {
        var bitmap = volume.OpenAttribute(volume.ReadRecord(SystemRecord.Bitmap), AttributeType.Data);
        if (!findings.Require(
            bitmap is not null && bitmap.Length >= (used.Length + 7) / 8, "bitmap", "$Bitmap", $"It is too short for {used.Length} clusters."))
        {
            return;
        }

        var chunk = new byte[64 << 10];
        for (long offset = 0; offset < bitmap!.Length && !findings.IsFull; offset += chunk.Length)
        {
            var length = (int)Math.Min(chunk.Length, bitmap.Length - offset);
            chunk.AsSpan().Clear();
            bitmap.Read(offset, chunk.AsSpan(0, length));
            for (var i = 0; i < length && !findings.IsFull; i += sizeof(ulong))
            {
                CompareWord((offset + i) * 8, BitConverter.ToUInt64(chunk, i), Math.Min(64, (length - i) * 8), used);
            }
        }
    }

    private void CompareWord(long cluster, ulong marked, int bits, BitSet used)
    {
        // Bits behind the last cluster stand for nothing and are set.
        var expected = cluster < used.Length ? used.Word(cluster / 64) : 0;
        var clusters = (int)Math.Clamp(used.Length - cluster, 0, 64);
        expected |= clusters == 0 ? ulong.MaxValue : clusters == 64 ? 0 : ulong.MaxValue << clusters;
        var difference = (marked ^ expected) & (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1);
        if (difference != 0)
        {
            var first = BitOperations.TrailingZeroCount(difference);
            findings.Add(
                "bitmap",
                "$Bitmap",
                $"Cluster {cluster + first} is {((expected >> first & 1) != 0 ? "used, and not marked" : "marked, and nothing uses it")} "
                + $"({BitOperations.PopCount(difference)} such in 64).");
        }
    }
}
