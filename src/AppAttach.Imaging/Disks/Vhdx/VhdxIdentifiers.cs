namespace AppAttach.Imaging.Disks;

/// <summary>What makes one VHDX file differ from another. None may be zero, and images with different content need different ones.</summary>
/// <param name="FileWriteGuid">Stands for this state of the file.</param>
/// <param name="DataWriteGuid">Stands for this state of the virtual disk's content.</param>
/// <param name="DiskGuid">The virtual disk's identity (page 83).</param>
internal readonly record struct VhdxIdentifiers(Guid FileWriteGuid, Guid DataWriteGuid, Guid DiskGuid);
