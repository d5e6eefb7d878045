namespace AppAttach.Azure.Files;

/// <summary>A part of a copy that one request makes.</summary>
/// <param name="Range">The part, at most <see cref="ImageFileShare.MaximumRangeBytes"/> long.</param>
/// <param name="EarlierStart">Where it starts in the earlier copy; null: that one does not have it.</param>
internal readonly record struct CopyPiece(FileRange Range, long? EarlierStart);
