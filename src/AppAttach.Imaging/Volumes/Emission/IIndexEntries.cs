namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>The sorted entries of one index.</summary>
internal interface IIndexEntries
{
    /// <summary>Writes an entry, all but the number of its child.</summary>
    /// <param name="entry">Place of the entry in the order of the index.</param>
    /// <param name="hasChild">Whether it has a child: then the entry is longer and says so.</param>
    /// <param name="target">Where; zero.</param>
    /// <returns>Bytes of the entry.</returns>
    int Write(int entry, bool hasChild, Span<byte> target);
}
