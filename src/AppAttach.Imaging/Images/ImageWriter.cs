using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Manifests;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes.Emission;

namespace AppAttach.Imaging.Images;

/// <summary>
/// The one way from packages to a disk image. The image is planned to the last byte, then written front to back in one pass over
/// each package, while other threads read, inflate and check content, and one hashes and writes the image.
/// </summary>
public static class ImageWriter
{
    /// <summary>Writes packages into one image: <c>RootFolder/full name/…</c> for each.</summary>
    /// <param name="packages">At least one package; all with different full names.</param>
    /// <param name="options">The rest; the same packages and options give the same bytes.</param>
    /// <param name="output">
    /// Takes the image; only written to, on another thread, and left open. After an exception it holds a part of an image: write
    /// under another name and rename when all is done.
    /// </param>
    /// <param name="checkFirst">
    /// Is called before any content is read, while the image is planned on another thread: here whatever can be judged without content is, in no time of
    /// its own. What it throws ends the work before anything is written. Null: nothing is checked first.
    /// </param>
    /// <param name="check">
    /// Is called when all content of a package has been read and none is left out of its hashes: here a signature can be held against
    /// everything it covers. What it throws ends the work, before the image is finished. Null: nothing more is checked.
    /// </param>
    /// <param name="manifest">Takes the image's manifest once the image is written; only written to, and left open. Null: none is wanted.</param>
    /// <param name="progress">Is told how many bytes of content have been written, every MiB at the latest and at the end; or null.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>What the image is.</returns>
    /// <exception cref="InvalidInputException">A package is broken or cannot stand on a volume.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static async Task<ImageRecord> WriteAsync(
        IReadOnlyList<Package> packages,
        ImageOptions options,
        Stream output,
        Action? checkFirst = null,
        Action<Package, PackageContentReader>? check = null,
        Stream? manifest = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(packages.Count, nameof(packages));
        if (!Enum.IsDefined(options.Format))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Format, "There is no such format.");
        }

        var identity = ImagePlan.IdentityOf(packages, options);
        var planning = Task.Run(() => ImagePlan.Create(packages, options, identity), cancellationToken);

        // Planning touches nothing but memory: should this throw, it ends by itself.
        checkFirst?.Invoke();

        // Reading needs no plan; as far as its memory goes, it is ahead when the plan is there.
        using var first = packages[0].ReadContent(options.Workers, cancellationToken);
        var plan = await planning;
        return await Task.Run(() => Write(plan, packages, first, options, output, check, manifest, progress, cancellationToken), cancellationToken);
    }

    private static ImageRecord Write(
        ImagePlan plan,
        IReadOnlyList<Package> packages,
        PackageContentReader first,
        ImageOptions options,
        Stream output,
        Action<Package, PackageContentReader>? check,
        Stream? manifest,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        using var hashed = new HashedOutput(output);
        using var notes = manifest is null ? null : new ManifestNotes(hashed, plan);
        var disk = new DiskWriter(notes?.Output ?? hashed, plan.Disk);
        var volume = new VolumeWriter(plan.Volume, new DiskSink(disk));
        volume.WriteFileSystem();

        var written = new List<ImagePackage>(packages.Count);
        long contentBytes = 0;
        foreach (var package in packages)
        {
            using var content = written.Count == 0 ? first : package.ReadContent(options.Workers, cancellationToken);
            WriteContent(package, content, volume, hashed, notes, contentBytes, progress);
            check?.Invoke(package, content);
            contentBytes += package.ContentSizeBytes;
            written.Add(new ImagePackage(package.Identity.FullName, Convert.ToHexStringLower(content.PackageDigest.Span), package.Files.Count, package.ContentSizeBytes));
        }

        volume.Complete();
        disk.Complete();
        var imageDigest = Convert.ToHexStringLower(hashed.Complete());
        progress?.Report(contentBytes);
        var record = new ImageRecord(
            options.Format,
            plan.Disk.DiskSizeBytes,
            hashed.Length,
            imageDigest,
            options.RootFolder,
            written.Sum(package => package.FileCount),
            contentBytes,
            written);
        notes?.Write(manifest!, record, options, packages);
        return record;
    }

    private static void WriteContent(
        Package package,
        PackageContentReader content,
        VolumeWriter volume,
        HashedOutput output,
        ManifestNotes? notes,
        long contentBytesBefore,
        IProgress<long>? progress)
    {
        var order = new ContentOrder(package.Files);
        while (content.TryReadSlot(out var slot))
        {
            output.Lend(slot);
            order.Follow(slot.Pieces);
            volume.WriteContent(slot.Content.Span);
            notes?.Add(package, slot.Pieces);
            output.Lend(null);
            slot.Release();
            progress?.Report(contentBytesBefore + order.ContentBytes);
        }

        order.RequireEnd();
    }
}
