namespace AppAttach.Imaging.Checking;

/// <summary>What a check found.</summary>
/// <param name="Findings">Everything that is wrong, in the order in which it was found.</param>
/// <param name="IsComplete">Whether every check was made: not when there were too many findings, or one that made the next check pointless.</param>
/// <param name="Files">Files of the volume, without NTFS' own.</param>
/// <param name="Folders">Folders of the volume, without NTFS' own and the root.</param>
public sealed record CheckReport(IReadOnlyList<Finding> Findings, bool IsComplete, int Files, int Folders)
{
    /// <summary>Whether every check was made and found nothing.</summary>
    public bool IsSound => IsComplete && Findings.Count == 0;
}
