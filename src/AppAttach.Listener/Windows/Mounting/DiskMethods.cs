using AppAttach.Contracts;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>Which method a format takes.</summary>
internal static class DiskMethods
{
    /// <summary>The method for an image, by the format that its command names.</summary>
    /// <exception cref="CommandFailedException">Windows has none for it (<c>image-unsupported</c>).</exception>
    public static IDiskMethod For(ImageReference image) => image.Format.ToUpperInvariant() switch
    {
        "VHDX" => new VirtualDiskMethod(Native.VirtualDisk.DeviceVhdx),
        "VHD" => new VirtualDiskMethod(Native.VirtualDisk.DeviceVhd),
        "CIM" => new CompositeImageMethod(),
        _ => throw new CommandFailedException(
            ErrorCodes.ImageUnsupported, $"Image {image.Path} is of format \"{image.Format}\": vhdx, vhd and cim can be mounted here."),
    };
}
