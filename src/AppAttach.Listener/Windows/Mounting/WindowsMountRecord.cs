using AppAttach.Contracts;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>Content of <c>image.json</c> beside a mount.</summary>
/// <param name="Image">The image.</param>
/// <param name="VolumeId">The volume's GUID where the listener chooses it (CIM); else of no meaning.</param>
internal sealed record WindowsMountRecord(ImageReference Image, Guid VolumeId);
