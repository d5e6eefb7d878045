using System.Runtime.InteropServices;

namespace AppAttach.Imaging.IO;

/// <summary>Memory that stays where it is, at an address that a disk can read from without a copy.</summary>
internal static class AlignedMemory
{
    /// <summary>Allocates memory; its bytes are what they happen to be.</summary>
    /// <param name="sizeBytes">How many bytes.</param>
    /// <param name="alignmentBytes">What its address is a multiple of.</param>
    public static Memory<byte> Allocate(int sizeBytes, int alignmentBytes)
    {
        var array = GC.AllocateUninitializedArray<byte>(sizeBytes + alignmentBytes, pinned: true);
        var surplus = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % alignmentBytes);
        return array.AsMemory(alignmentBytes - surplus, sizeBytes);
    }
}
