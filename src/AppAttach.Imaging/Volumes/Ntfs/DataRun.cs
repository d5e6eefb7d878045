namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>A row of clusters that hold part of a value.</summary>
/// <param name="ClusterCount">Clusters in the row, at least 1.</param>
/// <param name="Lcn">First cluster on the volume, or null for a hole, which reads as zeros.</param>
internal readonly record struct DataRun(long ClusterCount, long? Lcn);
