namespace AppAttach.Imaging.Volumes;

/// <summary>Where content would best stand: where an earlier volume has it.</summary>
/// <param name="ContentCluster">The first cluster behind the earlier volume's file system, at least 0.</param>
/// <param name="Clusters">For each file, in the order in which they were added, the cluster to start in; 0 for no wish.</param>
internal sealed record PlacementWishes(long ContentCluster, int[] Clusters);
