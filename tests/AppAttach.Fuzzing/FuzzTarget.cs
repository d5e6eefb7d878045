using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Imaging;
using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing;

/// <summary>
/// Takes a package or bundle all the way: opens it, verifies its signature before and after the pass over its content, reads all content, plans the image and, if it is
/// small, writes it. It may succeed or end in <see cref="InvalidInputException"/>; anything else is a failure.
/// </summary>
public static class FuzzTarget
{
    private const long MostWrittenBytes = 256 << 10;
    private const int MostWrittenFiles = 300;

    // Certificates are judged as of this time, so that a case ends the same way on every day.
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SignatureVerifier Verifier = new(new() { Mode = SignatureMode.Intact });
    private static readonly Lazy<HashSet<string>> SignedContents = new(ReadSignedContents);

    /// <summary>
    /// Most bytes that reading a package may allocate: reading ahead, the ring of blocks and the largest manifest allowed, with room for each twice; and for each byte of
    /// the package the block map entries and names that it may stand for.
    /// </summary>
    /// <param name="packedBytes">Size of the package, in bytes.</param>
    public static long MostAllocatedBytes(long packedBytes) => (128L << 20) + (packedBytes * 64);

    /// <summary>Runs one package.</summary>
    public static FuzzOutcome Run(FuzzCase input)
    {
        // Both count the whole process; nothing else runs in it meanwhile.
        _ = SignedContents.Value;
        var processorTime = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var (result, message, failure) = Read(input);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        processorTime = Environment.CpuUsage.TotalTime - processorTime;
        if (failure is null && allocated > MostAllocatedBytes(input.Bytes.Length))
        {
            failure = $"Allocated {allocated} bytes for a package of {input.Bytes.Length}; {MostAllocatedBytes(input.Bytes.Length)} are allowed.";
        }

        return new(result, message, failure, processorTime, allocated);
    }

    private static (string Result, string? Message, string? Failure) Read(FuzzCase input)
    {
        var step = "opening";
        try
        {
            using var stream = new HostileStream(input.Bytes, input.MostPerRead, input.EndsAfterBytes);
            var isBundle = Bundle.IsBundle(stream);
            var (verdict, digest) = isBundle ? ReadBundle(stream, ref step) : ReadPackage(stream, ref step);
            var kind = isBundle ? "accepted, a bundle" : "accepted";
            return verdict.IsAccepted && !SignedContents.Value.Contains(digest)
                ? ($"{kind}, signature: intact", null, "The signature was found intact on content that nobody signed.")
                : ($"{kind}, signature: {(verdict.Defect is { } defect ? InvalidInputException.CodeOf(defect) : "intact")}", null, null);
        }
        catch (InvalidInputException exception)
        {
            return ($"refused at {step}: {exception.Code}", exception.Message, exception.Message.EndsWith('.') ? null : $"Not a sentence: {exception.Message}");
        }
#pragma warning disable CA1031 // Whatever else comes out is what is looked for; it is reported, with the case.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ($"failed at {step}", null, exception.ToString());
        }
    }

    private static (SignatureVerdict Verdict, string Digest) ReadPackage(Stream stream, ref string step)
    {
        var package = Package.Open(stream);
        step = "the signature before content";
        CheckFindings(Verifier.Verify(package, content: null, Now));
        step = "content";
        using var content = package.ReadContent(workers: 1);
        var digest = ReadContent(package, content);
        step = "the signature";
        var verdict = CheckFindings(Verifier.Verify(package, content, Now));
        step = "the image";
        WriteImage([package]);
        return (verdict, digest);
    }

    private static (SignatureVerdict Verdict, string Digest) ReadBundle(Stream stream, ref string step)
    {
        step = "opening a bundle";
        using var bundle = Bundle.Open(stream, OpenBeside);
        step = "the signature of a bundle before content";
        CheckFindings(Verifier.Verify(bundle, pass: null, Now));
        step = "content of a bundle";
        var packages = bundle.Packages.Select(package => package.Open()).ToList();
        var digest = "";
        using var pass = bundle.StartPass();
        foreach (var package in packages)
        {
            using var content = package.ReadContent(workers: 1);
            digest += ReadContent(package, content);
        }

        pass.Complete();
        step = "the signature of a bundle";
        var verdict = CheckFindings(Verifier.Verify(bundle, pass, Now));
        step = "the image of a bundle";
        WriteImage(packages);
        return (verdict, digest);
    }

    // The packages that the flat bundle of the corpus needs; whoever asks must have made sure that the name leads nowhere else.
    private static MemoryStream? OpenBeside(string name)
    {
        if (name.Contains("..", StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) || name.StartsWith('/'))
        {
            throw new InvalidOperationException($"Asked for {name} beside the bundle, which leads out of the folder.");
        }

        var path = PackageCorpus.PathOf($"synthetic/flat/{name}");
        return File.Exists(path) ? new(File.ReadAllBytes(path), writable: false) : null;
    }

    private static SignatureVerdict CheckFindings(SignatureVerdict verdict) => verdict.Findings.All(finding => finding.Message.EndsWith('.'))
        ? verdict
        : throw new InvalidOperationException($"Not a sentence: {verdict.Findings.First(finding => !finding.Message.EndsWith('.')).Message}");

    private static string ReadContent(Package package, PackageContentReader content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (total, file, offset) = (0L, -1, 0L);
        Span<byte> number = stackalloc byte[sizeof(long)];
        while (content.TryRead(out var block))
        {
            if (block.File.Index != file)
            {
                // The signature does not cover itself.
                (file, offset) = (block.File.Index, 0);
                BinaryPrimitives.WriteInt64LittleEndian(number, block.File.Path == PartName.Signature ? 0 : block.File.SizeBytes);
                hash.AppendData(Encoding.UTF8.GetBytes(block.File.Path));
                hash.AppendData(number);
            }

            if (block.File.Path != PartName.Signature)
            {
                hash.AppendData(block.Bytes.Span);
            }

            offset += block.Bytes.Length;
            total += block.Bytes.Length;
            if (block.OffsetBytes + block.Bytes.Length != offset || offset > block.File.SizeBytes)
            {
                throw new InvalidOperationException($"Content of {block.File.Path} has a gap, or more than its {block.File.SizeBytes} bytes.");
            }
        }

        return total == package.ContentSizeBytes
            ? Convert.ToHexString(hash.GetHashAndReset())
            : throw new InvalidOperationException($"The content had {total} bytes; {package.ContentSizeBytes} were announced.");
    }

    private static void WriteImage(IReadOnlyList<Package> packages)
    {
        var options = new ImageOptions { Workers = 1 };
        if (packages.Sum(package => package.ContentSizeBytes) > MostWrittenBytes || packages.Sum(package => package.Files.Count) > MostWrittenFiles)
        {
            ImagePlan.Create(packages, options, ImagePlan.IdentityOf(packages, options));
            return;
        }

        ImageWriter.WriteAsync(packages, options, Stream.Null).GetAwaiter().GetResult();
    }

    private static HashSet<string> ReadSignedContents()
    {
        var contents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in FuzzBase.All)
        {
            using var stream = new MemoryStream(item.Bytes, writable: false);
            var step = "";
            try
            {
                var (verdict, digest) = Bundle.IsBundle(stream) ? ReadBundle(stream, ref step) : ReadPackage(stream, ref step);
                if (verdict.IsAccepted)
                {
                    contents.Add(digest);
                }
            }
            catch (InvalidInputException)
            {
                // One of the broken packages.
            }
        }

        return contents;
    }
}
