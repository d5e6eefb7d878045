namespace AppAttach.Imaging.Deltas;

/// <summary>Where a range of a new image's copy comes from.</summary>
public enum DeltaSource
{
    /// <summary>From the new image itself: only these bytes travel.</summary>
    Image,

    /// <summary>From the copy of the previous image, at a place of its own.</summary>
    Previous,

    /// <summary>From nowhere: the range is zeros.</summary>
    Zeros,
}
