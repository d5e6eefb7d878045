using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes;

/// <summary>Sorts every folder's entries as its index holds them.</summary>
internal static class SortedChildren
{
    /// <summary>Sorts the entries of all folders.</summary>
    /// <param name="nodes">All files and folders.</param>
    /// <param name="firstChildren">Where each record's entries start in the result; one more, the result's length, at its end.</param>
    /// <returns>Record numbers of the entries, folder by folder.</returns>
    /// <exception cref="InvalidInputException">Two names in one folder are the same to Windows.</exception>
    public static int[] Of(Span<VolumeNode> nodes, out int[] firstChildren)
    {
        firstChildren = new int[nodes.Length + 1];
        foreach (ref readonly var node in nodes)
        {
            if (node.HasName)
            {
                firstChildren[node.Parent + 1]++;
            }
        }

        for (var record = 0; record < nodes.Length; record++)
        {
            firstChildren[record + 1] += firstChildren[record];
        }

        var children = new int[firstChildren[^1]];
        var next = firstChildren.AsSpan(0, nodes.Length).ToArray();
        for (var record = 0; record < nodes.Length; record++)
        {
            if (nodes[record].HasName)
            {
                children[next[nodes[record].Parent]++] = record;
            }
        }

        // A comparison cannot capture a span.
        var copy = nodes.ToArray();
        for (var record = 0; record < nodes.Length; record++)
        {
            var entries = children.AsSpan(firstChildren[record], firstChildren[record + 1] - firstChildren[record]);
            entries.Sort((left, right) => UpcaseTable.Windows.Compare(copy[left].Name, copy[right].Name));
            RequireDistinct(nodes, entries);
        }

        return children;
    }

    private static void RequireDistinct(ReadOnlySpan<VolumeNode> nodes, ReadOnlySpan<int> entries)
    {
        for (var entry = 1; entry < entries.Length; entry++)
        {
            var left = nodes[entries[entry - 1]].Name;
            var right = nodes[entries[entry]].Name;
            if (UpcaseTable.Windows.CompareIgnoringCase(left, right) == 0)
            {
                throw new InvalidInputException(
                    Defect.UnsafeName,
                    $"The names '{left}' and '{right}' stand in one folder and are the same to Windows. Rename one of them.");
            }
        }
    }
}
