using System.Buffers;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes;

// Rules of names: image-format notes 4.6; [MS-FSCC] 2.1.5.

/// <summary>Which names a volume may hold, and the name space each belongs to.</summary>
internal static class VolumeName
{
    private const int MaximumBaseLength = 8;
    private const int MaximumExtensionLength = 3;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        "\"*/:<>?\\|\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    // Lower case is upper-cased before it is judged. Letters beyond ASCII are legal in some code pages only: not here.
    private static readonly SearchValues<char> ShortNameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'()-@^_`{}~");

    /// <summary>Refuses a name that Windows cannot open.</summary>
    /// <param name="name">One segment of a path.</param>
    /// <param name="path">The whole path, for the message.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.UnsafeName"/>.</exception>
    public static void Require(ReadOnlySpan<char> name, string path)
    {
        if (name.IsEmpty || name.Length > FileName.MaximumNameLength)
        {
            throw new InvalidInputException(
                Defect.UnsafeName,
                $"The path '{path}' has a segment of {name.Length} characters; 1 to {FileName.MaximumNameLength} are possible. Rename it.");
        }

        var forbidden = name.IndexOfAny(Forbidden);
        if (forbidden >= 0)
        {
            throw new InvalidInputException(
                Defect.UnsafeName,
                $"The path '{path}' contains the character U+{(int)name[forbidden]:X4}, which Windows forbids in names. Rename it.");
        }

        if (name[^1] is '.' or ' ')
        {
            throw new InvalidInputException(
                Defect.UnsafeName,
                $"The path '{path}' has a segment that ends in a dot or space, which Windows cannot open. Rename it.");
        }
    }

    /// <summary>The name space of a name: <see cref="FileNameSpace.Win32AndDos"/> when it is a legal short name.</summary>
    public static FileNameSpace SpaceOf(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        var baseName = dot < 0 ? name : name[..dot];
        var extension = dot < 0 ? default : name[(dot + 1)..];
        return baseName.Length is > 0 and <= MaximumBaseLength && extension.Length <= MaximumExtensionLength && (dot < 0 || !extension.IsEmpty)
            && !baseName.ContainsAnyExcept(ShortNameCharacters) && !extension.ContainsAnyExcept(ShortNameCharacters)
            ? FileNameSpace.Win32AndDos
            : FileNameSpace.Win32;
    }
}
