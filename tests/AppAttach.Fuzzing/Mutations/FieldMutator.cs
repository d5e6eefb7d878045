using System.Buffers.Binary;
using AppAttach.Fuzzing.Archives;

namespace AppAttach.Fuzzing.Mutations;

/// <summary>Sets numbers in the records of an archive to values at the edges, or to what stands elsewhere.</summary>
internal static class FieldMutator
{
    /// <summary>Sets one field in place.</summary>
    /// <returns>What was changed.</returns>
    public static string Mutate(byte[] archive, Random random)
    {
        var records = ArchiveField.Find(archive).ToList();
        if (records.Count == 0)
        {
            return "no record";
        }

        var fields = records[random.Next(records.Count)].ToList();
        var field = fields[random.Next(fields.Count)];
        var others = records[random.Next(records.Count)].ToList();
        var other = others[random.Next(others.Count)];
        var value = ValueFor(Read(archive, field), Read(archive, other), (ulong)archive.Length, random);
        Write(archive, field, value);
        return $"{field.Record} at {field.Offset} = {value:X}";
    }

    private static ulong ValueFor(ulong current, ulong other, ulong length, Random random) => random.Next(16) switch
    {
        0 => 0,
        1 => 1,
        2 => ushort.MaxValue,
        3 => uint.MaxValue,
        4 => ulong.MaxValue,
        5 => current + 1,
        6 => current - 1,
        7 => other,
        8 => current + other,
        9 => length,
        10 => length - current,
        11 => long.MaxValue,
        12 => int.MaxValue,
        13 => current ^ (1UL << random.Next(16)),
        14 => current << random.Next(1, 33),
        _ => (ulong)random.NextInt64(),
    };

    private static ulong Read(byte[] archive, ArchiveField field)
    {
        var bytes = archive.AsSpan(field.Offset);
        return field.Size switch
        {
            sizeof(ushort) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
    }

    private static void Write(byte[] archive, ArchiveField field, ulong value)
    {
        var bytes = archive.AsSpan(field.Offset);
        switch (field.Size)
        {
            case sizeof(ushort):
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
                break;
            case sizeof(uint):
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                break;
        }
    }
}
