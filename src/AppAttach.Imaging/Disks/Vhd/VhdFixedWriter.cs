namespace AppAttach.Imaging.Disks;

/// <summary>Emits a fixed VHD file front to back.</summary>
/// <param name="output">Takes the file; left open.</param>
/// <param name="plan">The plan.</param>
internal sealed class VhdFixedWriter(Stream output, VhdFixedPlan plan) : DiskFileWriter(output, plan, plan.VirtualSizeBytes)
{
    /// <inheritdoc/>
    protected override bool BeginPiece(long piece, long offsetInPiece)
    {
        ExpectAt(offsetInPiece);
        return true;
    }

    /// <inheritdoc/>
    protected override void EmitEnd()
    {
        Span<byte> footer = stackalloc byte[VhdFooter.Size];
        plan.Footer.Write(footer);
        Emit(footer);
    }
}
