using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// Judges an image without trusting it or the code that wrote it: it shares the definitions of structures with the writer, and none of
/// its planning. Nothing in an image makes it throw; what cannot be read becomes a finding. Failures of the image's own stream pass through.
/// </summary>
public static class ImageChecker
{
    /// <summary>Checks the structure of an image: disk file, partition table and volume.</summary>
    /// <param name="image">The image, a seekable stream, left open.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    public static CheckReport Check(Stream image, CheckOptions? options = null) => CheckAgainst(image, [], options);

    /// <summary>Checks the structure of an image, and that it holds the files of packages byte for byte and nothing else in their folders.</summary>
    /// <param name="image">The image, a seekable stream, left open.</param>
    /// <param name="packages">The packages; each is read once, front to back.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="InvalidInputException">A package, not the image, is broken.</exception>
    public static CheckReport CheckAgainst(Stream image, IReadOnlyList<Package> packages, CheckOptions? options = null)
    {
        options ??= CheckOptions.Default;
        var findings = new FindingList(options.MaximumFindings);
        var file = new StreamSource(image);
        VolumeChecker? volumeChecker = null;
        VolumeReader? volume = null;
        findings.Try("disk", "disk file", () =>
        {
            var disk = VirtualDisk.Open(image);
            CheckDisk(file, disk, findings);
            new PartitionChecker(disk, findings).Check();
            if (findings.Findings.Any(finding => finding.Id is "vhdx-block" or "vhd-block"))
            {
                // Blocks in two places at once could make a small file look like an endless volume.
                findings.LeaveOut();
                return;
            }

            var partition = PartitionTable.FindNtfsVolume(disk);
            volumeChecker = new VolumeChecker(new SourceSection(disk, partition), partition.OffsetBytes, PartitionTable.HasDerivedIdentifiers(disk), options, findings);
            volume = volumeChecker.Check();
        });

        foreach (var package in packages)
        {
            if (volume is null || findings.IsFull)
            {
                findings.LeaveOut();
                break;
            }

            new ContentChecker(volume, options, findings).Check(package);
        }

        return new CheckReport(
            findings.Findings, !findings.IsIncomplete && !findings.IsFull, volumeChecker?.Files ?? 0, volumeChecker?.Folders ?? 0);
    }

    private static void CheckDisk(ByteSource file, VirtualDisk disk, FindingList findings)
    {
        if (disk is VhdxDisk vhdx)
        {
            new VhdxChecker(file, vhdx, findings).Check();
        }
        else if (disk is VhdDynamicDisk or VhdFixedDisk)
        {
            new VhdChecker(file, disk, findings).Check();
        }
        else
        {
            // Of a fixed VHD that was cut short this is what is left: any other file is taken for a raw disk.
            findings.Require(
                file.Length % DiskUnits.SectorSizeBytes == 0, "raw-length", "raw disk", $"Its length of {file.Length} bytes is not a number of whole sectors.");
        }
    }
}
