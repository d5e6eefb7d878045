namespace AppAttach.Imaging.Volumes;

/// <summary>Where the entries of one folder stand.</summary>
/// <param name="Record">Record number of the folder.</param>
/// <param name="FirstChild">Place of its first entry in the plan's sorted children.</param>
/// <param name="ChildCount">Number of its entries.</param>
/// <param name="Index">Its index; null buffers mean that all entries are in the folder's record.</param>
internal readonly record struct FolderPlan(int Record, int FirstChild, int ChildCount, IndexPlan Index);
