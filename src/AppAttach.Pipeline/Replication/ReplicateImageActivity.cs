using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Replication;

/// <summary>What to copy where.</summary>
/// <param name="Region">The region.</param>
/// <param name="Image">The image in the hub.</param>
public sealed record ReplicateImageInput(string Region, ImageDescription Image);

/// <summary>The copy.</summary>
/// <param name="Copy">Where it is, and when its hash was compared.</param>
public sealed record ReplicateImageResult(RegionCopy Copy);

/// <summary>Makes sure that one region holds a verified copy of an image.</summary>
/// <param name="shares">The regions' shares.</param>
/// <param name="clock">The clock.</param>
public sealed class ReplicateImageActivity(IRegionalShares shares, TimeProvider clock) : IActivity<ReplicateImageInput, ReplicateImageResult>
{
    /// <inheritdoc/>
    public async Task<ReplicateImageResult> RunAsync(ReplicateImageInput input, CancellationToken cancellationToken)
    {
        var path = await shares.Get(input.Region).CopyAsync(input.Image.Name, input.Image.Digest, input.Image.SizeBytes, cancellationToken);
        return new ReplicateImageResult(new RegionCopy(input.Region, path, clock.GetUtcNow()));
    }
}
