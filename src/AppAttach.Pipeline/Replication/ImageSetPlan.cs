namespace AppAttach.Pipeline.Replication;

/// <summary>
/// How packages are grouped into images so that the regions' shares can serve all hosts. The rule: a family's packages, and the optional packages that
/// add to it, make one image, for hosts attach them together; a framework is an image of its own, for many need it. So a new version of one application
/// touches no other's image. Only where a region's shares cannot take that many images, the two smallest become one, again and again, until they can.
/// </summary>
/// <param name="Images">The images, the largest first.</param>
/// <param name="Regions">How each region's shares take them.</param>
/// <param name="Merged">How often two images were made one.</param>
public sealed record ImageSetPlan(IReadOnlyList<PlannedImage> Images, IReadOnlyList<RegionPlacement> Regions, int Merged)
{
    /// <summary>Largest content of an image that others are merged into: half of what a volume takes, 1 TiB.</summary>
    public const long MaximumMergedBytes = 1L << 40;

    /// <summary>Makes a plan; the same packages, in whatever order, give the same plan.</summary>
    /// <param name="packages">At least one package.</param>
    /// <param name="regions">At least one region.</param>
    /// <exception cref="PackageSetRefusedException">No grouping fits: a region has too few shares; or a package is there twice.</exception>
    public static ImageSetPlan Create(IReadOnlyCollection<PlannedPackage> packages, IReadOnlyList<RegionSize> regions)
    {
        ArgumentOutOfRangeException.ThrowIfZero(packages.Count, nameof(packages));
        ArgumentOutOfRangeException.ThrowIfZero(regions.Count, nameof(regions));
        var groups = Group(packages);
        var before = groups.Count;
        while (regions.Select(region => RegionPlacement.Of(region, groups.Count)).FirstOrDefault(placed => placed.MostImages < groups.Count) is { } tooSmall)
        {
            MergeSmallest(groups, tooSmall);
        }

        var images = groups
            .OrderByDescending(group => group.Bytes)
            .ThenBy(group => group.Names.Min, StringComparer.OrdinalIgnoreCase)
            .Select((group, index) => new PlannedImage(index + 1, [.. group.Names], group.Bytes))
            .ToList();
        return new(images, [.. regions.Select(region => RegionPlacement.Of(region, images.Count))], before - images.Count);
    }

    private static List<Unit> Group(IReadOnlyCollection<PlannedPackage> packages)
    {
        var byFamily = new Dictionary<string, Unit>(StringComparer.OrdinalIgnoreCase);
        var families = packages.Select(package => package.FamilyName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var package in packages.OrderBy(package => package.FullName, StringComparer.OrdinalIgnoreCase))
        {
            // An optional package may add to several; one image is enough, and an optional package of an optional one is none.
            var main = package.AddsTo.Where(families.Contains).Order(StringComparer.OrdinalIgnoreCase).FirstOrDefault();
            var family = main ?? package.FamilyName;
            if (!byFamily.TryGetValue(family, out var unit))
            {
                byFamily.Add(family, unit = new Unit());
            }

            if (!unit.Add(package))
            {
                throw new PackageSetRefusedException($"The package {package.FullName} was given twice. Leave one of them out.");
            }
        }

        return [.. byFamily.Values];
    }

    private static void MergeSmallest(List<Unit> groups, RegionPlacement tooSmall)
    {
        groups.Sort((left, right) => left.CompareTo(right));
        if (groups.Count < 2 || groups[0].Bytes + groups[1].Bytes > MaximumMergedBytes)
        {
            var region = tooSmall.Region;
            throw new PackageSetRefusedException(
                $"Region {region.Name} has {region.Shares} shares for {region.Hosts} hosts, which take {tooSmall.MostImages} images; the packages make {groups.Count} and cannot be merged further "
                + $"(an image of merged packages holds up to {MaximumMergedBytes} bytes). It needs {tooSmall.SharesNeeded} shares, or fewer hosts.");
        }

        groups[1].Take(groups[0]);
        groups.RemoveAt(0);
    }

    private sealed class Unit : IComparable<Unit>
    {
        public SortedSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

        public long Bytes { get; private set; }

        public bool Add(PlannedPackage package)
        {
            Bytes += package.ContentBytes;
            return Names.Add(package.FullName);
        }

        public void Take(Unit other)
        {
            Bytes += other.Bytes;
            Names.UnionWith(other.Names);
        }

        public int CompareTo(Unit? other) => Bytes != other!.Bytes
            ? Bytes.CompareTo(other.Bytes)
            : StringComparer.OrdinalIgnoreCase.Compare(Names.Min, other.Names.Min);
    }
}
