using AppAttach.Contracts;
using AppAttach.Listener.Images;

namespace AppAttach.Listener.Tests.Images;

public sealed class ImageProofTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ImageReference Make(int sizeBytes = 3 << 20)
    {
        var path = Path.Combine(_folder.Path, "a.vhdx");
        var content = new byte[sizeBytes];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(path, content);
        return TestPackage.Reference(path);
    }

    private ImageProof Proof(DigestPolicy policy) => new(policy, readsAtOnce: 1, Path.Combine(_folder.Path, "state"));

    // Keeps the time, so that only the content tells.
    private static void Flip(string path, long offset)
    {
        var time = File.GetLastWriteTimeUtc(path);
        using (var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = offset;
            var value = file.ReadByte();
            file.Position = offset;
            file.WriteByte((byte)~value);
        }

        File.SetLastWriteTimeUtc(path, time);
    }

    [Fact]
    public async Task Sampled_ReadsTheWholeTheFirstTime()
    {
        var image = Make();
        Flip(image.Path, image.SizeBytes - 1);
        using var proof = Proof(DigestPolicy.Sampled);
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => proof.RunAsync(image, _folder.Path, CancellationToken.None));
        Assert.Equal(ErrorCodes.ImageMismatch, failure.Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(3 << 20)]
    public async Task Sampled_ASecondTime_ComparesSamples_AndReadsTheWholeLater(int sizeBytes)
    {
        var image = Make(sizeBytes);
        using (var first = Proof(DigestPolicy.Sampled))
        {
            await first.RunAsync(image, _folder.Path, CancellationToken.None);
            Assert.Null(await first.FinishNextAsync(CancellationToken.None));
        }

        using var second = Proof(DigestPolicy.Sampled);
        await second.RunAsync(image, _folder.Path, CancellationToken.None);
        var finished = await second.FinishNextAsync(CancellationToken.None);
        Assert.Equal(image, finished?.Image);
        Assert.Null(finished?.Failure);
        Assert.Null(await second.FinishNextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Sampled_ChangeInTheHead_IsSeenAtOnce_AChangeBetweenSamplesWhenTheWholeIsRead()
    {
        // Large enough that most of it is in no sample.
        var image = Make(64 << 20);
        using var proof = Proof(DigestPolicy.Sampled);
        await proof.RunAsync(image, _folder.Path, CancellationToken.None);

        var unsampled = await FindUnsampledAsync(image);
        Flip(image.Path, unsampled);
        await proof.RunAsync(image, _folder.Path, CancellationToken.None);
        Assert.Equal(ErrorCodes.ImageMismatch, (await proof.FinishNextAsync(CancellationToken.None))?.Failure?.Code);
        Flip(image.Path, unsampled);
        await proof.RunAsync(image, _folder.Path, CancellationToken.None);

        Flip(image.Path, 4096);
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => proof.RunAsync(image, _folder.Path, CancellationToken.None));
        Assert.Equal(ErrorCodes.ImageMismatch, failure.Code);
    }

    private static async Task<long> FindUnsampledAsync(ImageReference image)
    {
        await using var before = File.Open(image.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var samples = await ImageSamples.HashAsync(before, image.Digest, CancellationToken.None);
        for (var offset = 2L << 20; ; offset += 97_003)
        {
            Flip(image.Path, offset);
            var after = await ImageSamples.HashAsync(before, image.Digest, CancellationToken.None);
            Flip(image.Path, offset);
            if (after == samples)
            {
                return offset;
            }
        }
    }

    [Fact]
    public async Task Replaced_IsNoticed_ByTimeOrLength()
    {
        var image = Make();
        using var proof = Proof(DigestPolicy.Full);
        await proof.RunAsync(image, _folder.Path, CancellationToken.None);
        Assert.False(proof.IsReplaced(image));
        File.SetLastWriteTimeUtc(image.Path, File.GetLastWriteTimeUtc(image.Path).AddSeconds(1));
        Assert.True(proof.IsReplaced(image));
        File.AppendAllText(image.Path, "more");
        proof.KeepOnly(new HashSet<string>());
        Assert.True(proof.IsReplaced(image));
        File.Delete(image.Path);
        Assert.False(proof.IsReplaced(image));
    }

    [Fact]
    public async Task HangingShare_HoldsUpItsOwnImagesOnly()
    {
        using var reads = new ImageReads(1);
        var hanging = new TaskCompletionSource();
        var first = reads.RunAsync("away", () => hanging.Task, CancellationToken.None);
        var second = reads.RunAsync("away", () => Task.CompletedTask, CancellationToken.None);
        await reads.RunAsync("here", () => Task.CompletedTask, CancellationToken.None);
        Assert.False(second.IsCompleted);
        hanging.SetResult();
        await first;
        await second;
    }
}
