using System.Collections.Concurrent;
using System.Security.Cryptography;
using AppAttach.Imaging.Deltas;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>A region's share in memory; it can be away.</summary>
internal sealed class MemoryShare(string region, MemoryImageStore images, PortFaults faults) : IRegionalShare
{
    private int _attempts;

    public string Region => region;

    public bool IsAway { get; set; }

    public ConcurrentDictionary<string, byte[]> Copies { get; } = new();

    /// <summary>Names of the images copied, in order; one that was there already is not copied.</summary>
    public ConcurrentQueue<string> Made { get; } = new();

    /// <summary>How often a copy was asked for.</summary>
    public int Attempts => _attempts;

    /// <summary>Bytes of images that came from the hub for each copy made.</summary>
    public ConcurrentQueue<long> Travelled { get; } = new();

    public Task<string> CopyAsync(
        string imageName, string digest, long sizeBytes, PreviousCopy? previous, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        faults.Before("share.copy " + region);
        if (IsAway)
        {
            throw new ShareUnavailableException($"The share of {region} is away.");
        }

        if (!Copies.TryGetValue(imageName, out var copy) || DigestOf(copy) != digest)
        {
            var image = images.Images[imageName];
            Assert.Equal(sizeBytes, image.Length);
            Assert.Equal(digest, DigestOf(image));
            Copies[imageName] = previous is null ? image : Rebuild(image, previous);
            Assert.Equal(digest, DigestOf(Copies[imageName]));
            Travelled.Enqueue(previous?.Ranges.Where(range => range.Source == DeltaSource.Image).Sum(range => range.LengthBytes) ?? sizeBytes);
            Made.Enqueue(imageName);
        }

        faults.After("share.copy " + region);
        return Task.FromResult($"//{region}/images/{imageName}");
    }

    private byte[] Rebuild(byte[] image, PreviousCopy previous)
    {
        var copy = new byte[image.Length];
        foreach (var range in previous.Ranges.Where(range => range.Source != DeltaSource.Zeros))
        {
            var (source, offset) = range.Source == DeltaSource.Image ? (image, range.OffsetBytes) : (Copies[previous.ImageName], range.SourceOffsetBytes);
            source.AsSpan((int)offset, (int)range.LengthBytes).CopyTo(copy.AsSpan((int)range.OffsetBytes));
        }

        return copy;
    }

    public Task DeleteAsync(string imageName, CancellationToken cancellationToken)
    {
        faults.Before("share.delete " + region);
        if (IsAway)
        {
            throw new ShareUnavailableException($"The share of {region} is away.");
        }

        Copies.TryRemove(imageName, out _);
        faults.After("share.delete " + region);
        return Task.CompletedTask;
    }

    private static string DigestOf(byte[] image) => Convert.ToHexStringLower(SHA256.HashData(image));
}
