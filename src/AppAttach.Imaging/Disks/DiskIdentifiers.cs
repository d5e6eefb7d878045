namespace AppAttach.Imaging.Disks;

/// <summary>
/// Every identity a disk file carries. They come from outside, derived from what is on the disk, so that the same input gives the
/// same bytes; Windows takes a disk offline when another one with the same disk GUID is online.
/// </summary>
/// <param name="Vhdx">Identity of the file and the virtual disk, for VHDX.</param>
/// <param name="Vhd">Identity of the virtual disk, for VHD.</param>
/// <param name="DiskGuid">GUID of the disk in its partition table.</param>
/// <param name="PartitionGuid">GUID of the partition: the volume's name is made of it.</param>
internal readonly record struct DiskIdentifiers(VhdxIdentifiers Vhdx, VhdIdentifiers Vhd, Guid DiskGuid, Guid PartitionGuid);
