using System.Buffers.Binary;

namespace AppAttach.Embedded.Demo;

/// <summary>
/// A Windows program for x64 that ends at once with 0: PE32+ with one section, laid out by hand (Microsoft "PE Format": MS-DOS stub, COFF
/// file header, optional header, section table). Not tried on Windows; <c>file</c> and <c>objdump</c> take it for what it should be.
/// </summary>
internal static class SampleProgram
{
    private const int FileAlignment = 0x200;
    private const int SectionAlignment = 0x1000;
    private const int PeOffset = 0x40;
    private const int CoffOffset = PeOffset + 4;
    private const int OptionalOffset = CoffOffset + 20;
    private const int OptionalSize = 240;
    private const int SectionOffset = OptionalOffset + OptionalSize;

    /// <summary>The program.</summary>
    /// <returns>The file's bytes.</returns>
    public static byte[] Build()
    {
        var file = new byte[2 * FileAlignment];
        "MZ"u8.CopyTo(file);
        WriteUInt32(file, 0x3C, PeOffset);
        "PE\0\0"u8.CopyTo(file.AsSpan(PeOffset));
        WriteHeaders(file);

        // xor eax, eax; ret: the loader ends the process with what the entry point returns.
        ReadOnlySpan<byte> code = [0x31, 0xC0, 0xC3];
        code.CopyTo(file.AsSpan(FileAlignment));
        return file;
    }

    private static void WriteHeaders(byte[] file)
    {
        WriteUInt16(file, CoffOffset, 0x8664); // Machine: x64
        WriteUInt16(file, CoffOffset + 2, 1); // NumberOfSections
        WriteUInt16(file, CoffOffset + 16, OptionalSize);
        WriteUInt16(file, CoffOffset + 18, 0x0022); // executable image, large address aware

        WriteUInt16(file, OptionalOffset, 0x020B); // PE32+
        WriteUInt32(file, OptionalOffset + 4, FileAlignment); // SizeOfCode
        WriteUInt32(file, OptionalOffset + 16, SectionAlignment); // AddressOfEntryPoint
        WriteUInt32(file, OptionalOffset + 20, SectionAlignment); // BaseOfCode
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(OptionalOffset + 24), 0x1_4000_0000); // ImageBase
        WriteUInt32(file, OptionalOffset + 32, SectionAlignment);
        WriteUInt32(file, OptionalOffset + 36, FileAlignment);
        WriteUInt16(file, OptionalOffset + 40, 6); // MajorOperatingSystemVersion
        WriteUInt16(file, OptionalOffset + 48, 6); // MajorSubsystemVersion
        WriteUInt32(file, OptionalOffset + 56, 2 * SectionAlignment); // SizeOfImage
        WriteUInt32(file, OptionalOffset + 60, FileAlignment); // SizeOfHeaders
        WriteUInt16(file, OptionalOffset + 68, 2); // Subsystem: Windows GUI
        WriteUInt16(file, OptionalOffset + 70, 0x0100); // DllCharacteristics: NX compatible
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(OptionalOffset + 72), 0x10_0000); // SizeOfStackReserve
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(OptionalOffset + 80), 0x1000); // SizeOfStackCommit
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(OptionalOffset + 88), 0x10_0000); // SizeOfHeapReserve
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(OptionalOffset + 96), 0x1000); // SizeOfHeapCommit
        WriteUInt32(file, OptionalOffset + 108, 16); // NumberOfRvaAndSizes, all empty

        ".text"u8.CopyTo(file.AsSpan(SectionOffset));
        WriteUInt32(file, SectionOffset + 8, 3); // VirtualSize
        WriteUInt32(file, SectionOffset + 12, SectionAlignment); // VirtualAddress
        WriteUInt32(file, SectionOffset + 16, FileAlignment); // SizeOfRawData
        WriteUInt32(file, SectionOffset + 20, FileAlignment); // PointerToRawData
        WriteUInt32(file, SectionOffset + 36, 0x6000_0020); // code, execute, read
    }

    private static void WriteUInt16(byte[] file, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    private static void WriteUInt32(byte[] file, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
