using AppAttach.Imaging;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Images;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing.Images;

/// <summary>
/// Looks into a disk image in every way there is: lists it, finds and reads its files, checks it. Listing and reading may end in <see cref="InvalidInputException"/>,
/// checking always ends in a report; anything else is a failure.
/// </summary>
public static class ImageFuzzTarget
{
    // A broken size may be any; what reads as zeros is not read to its end.
    private const int MostReadOfFile = 1 << 20;
    private const int MostEntries = 5_000;

    /// <summary>Most bytes that looking into an image may allocate: records and buffers as they are read, and what is remembered of each record.</summary>
    /// <param name="imageBytes">Size of the image, in bytes.</param>
    public static long MostAllocatedBytes(long imageBytes) => (64L << 20) + (imageBytes * 16);

    /// <summary>Runs one image.</summary>
    public static FuzzOutcome Run(FuzzCase input)
    {
        var processorTime = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var (result, message, failure) = Look(input);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        processorTime = Environment.CpuUsage.TotalTime - processorTime;
        if (failure is null && allocated > MostAllocatedBytes(input.Bytes.Length))
        {
            failure = $"Allocated {allocated} bytes for an image of {input.Bytes.Length}; {MostAllocatedBytes(input.Bytes.Length)} are allowed.";
        }

        return new(result, message, failure, processorTime, allocated);
    }

    private static (string Result, string? Message, string? Failure) Look(FuzzCase input)
    {
        var step = "checking";
        try
        {
            var report = ImageChecker.Check(Open(input));
            if (report.Findings.FirstOrDefault(finding => !finding.Message.EndsWith('.')) is { } odd)
            {
                return ("checked", null, $"Not a sentence: {odd}");
            }

            step = "reading";
            var refused = Read(Open(input));
            return ($"{(report.IsSound ? "sound" : "findings")}, {(refused is null ? "read" : $"refused: {refused.Code}")}", refused?.Message, null);
        }
#pragma warning disable CA1031 // Whatever comes out is what is looked for; it is reported, with the case.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ($"failed at {step}", null, exception.ToString());
        }
    }

    private static HostileStream Open(FuzzCase input) => new(input.Bytes, input.MostPerRead, input.EndsAfterBytes);

    private static InvalidInputException? Read(Stream image)
    {
        InvalidInputException? refused = null;
        var buffer = new byte[64 << 10];
        try
        {
            var reader = ImageReader.Open(image);
            foreach (var entry in reader.Enumerate().Take(MostEntries))
            {
                refused ??= ReadFile(reader, entry, buffer);
            }
        }
        catch (InvalidInputException exception)
        {
            refused = exception;
        }

        return refused is null || refused.Message.EndsWith('.') ? refused : throw new InvalidOperationException($"Not a sentence: {refused.Message}");
    }

    private static InvalidInputException? ReadFile(ImageReader reader, ImageEntry entry, byte[] buffer)
    {
        try
        {
            if (entry.IsFolder || reader.Find(entry.Path) is not { IsFolder: false })
            {
                return null;
            }

            using var content = reader.OpenFile(entry.Path);
            for (var read = 0; read < MostReadOfFile;)
            {
                var count = content.Read(buffer);
                if (count == 0)
                {
                    break;
                }

                read += count;
            }

            return null;
        }
        catch (InvalidInputException exception)
        {
            return exception;
        }
    }
}
