using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Deltas;

/// <summary>Gives a volume's files and folders the record numbers that an earlier image has them under, and finds out where it has their content.</summary>
/// <param name="tree">The volume's tree, complete, in the order of the packages.</param>
/// <param name="previous">The earlier image.</param>
internal sealed class StablePlan(VolumeTree tree, ImageBase previous)
{
    // A number far behind all others would make a table full of holes.
    private const int SpareRecords = 64;
    private const int RecordsPerSpareOne = 8;

    private readonly int[] _wanted = new int[tree.Count];

    /// <summary>Renumbers the tree.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="packageFolders">Record numbers of their folders; set to the new ones.</param>
    /// <returns>Where content should stand.</returns>
    public PlacementWishes Apply(IReadOnlyList<Package> packages, IList<int> packageFolders)
    {
        WantFolders(packages, packageFolders);
        var clusters = WantFiles(packages);
        var numbers = Number();
        tree.Renumber(numbers);
        for (var package = 0; package < packageFolders.Count; package++)
        {
            packageFolders[package] = numbers[packageFolders[package]];
        }

        return new PlacementWishes(previous.ContentCluster, clusters);
    }

    private void WantFolders(IReadOnlyList<Package> packages, IList<int> packageFolders)
    {
        // A folder comes after the one it is in, so that one's path is known.
        var paths = new Dictionary<int, (string Package, string Path)>();
        for (var package = 0; package < packages.Count; package++)
        {
            paths[packageFolders[package]] = (packages[package].Identity.FullName, "");
        }

        for (var record = SystemRecord.FirstUser; record < tree.Count; record++)
        {
            ref readonly var node = ref tree.Nodes[record];
            if (node.IsFolder && !paths.ContainsKey(record) && paths.TryGetValue(node.Parent, out var parent))
            {
                paths[record] = parent with { Path = parent.Path.Length == 0 ? node.Name.ToString() : $"{parent.Path}/{node.Name}" };
            }

            if (paths.TryGetValue(record, out var folder))
            {
                _wanted[record] = previous.Find(folder.Package, folder.Path, isFolder: true)?.Record ?? 0;
            }
        }
    }

    private int[] WantFiles(IReadOnlyList<Package> packages)
    {
        var clusters = new int[tree.Files.Length];
        var next = 0;
        foreach (var package in packages)
        {
            foreach (var file in package.Files)
            {
                if (previous.Find(package.Identity.FullName, file.Path, isFolder: false) is { } place)
                {
                    // Changed content that takes no more room can stay as well.
                    _wanted[tree.Files[next]] = place.Record;
                    clusters[next] = ClusterRun.ClustersFor(file.SizeBytes) <= place.ClusterCount ? place.Cluster : 0;
                }

                next++;
            }
        }

        return clusters;
    }

    private int[] Number()
    {
        var numbers = new int[tree.Count];
        var limit = tree.Count + SpareRecords + (tree.Count / RecordsPerSpareOne);
        var isTaken = new bool[limit];
        for (var record = 0; record < SystemRecord.FirstUser; record++)
        {
            numbers[record] = record;
        }

        for (var record = SystemRecord.FirstUser; record < numbers.Length; record++)
        {
            var wanted = _wanted[record];
            if (wanted >= SystemRecord.FirstUser && wanted < limit && !isTaken[wanted])
            {
                isTaken[numbers[record] = wanted] = true;
            }
        }

        var free = SystemRecord.FirstUser;
        for (var record = SystemRecord.FirstUser; record < numbers.Length; record++)
        {
            if (numbers[record] == 0)
            {
                while (isTaken[free])
                {
                    free++;
                }

                isTaken[numbers[record] = free] = true;
            }
        }

        return numbers;
    }
}
