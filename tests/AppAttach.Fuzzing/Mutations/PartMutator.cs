using AppAttach.Fuzzing.Archives;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing.Mutations;

/// <summary>Edits the parts of an archive: their order, names, sizes and content; what an edit does not concern stays right, so that it is looked at.</summary>
internal static class PartMutator
{
    private const ushort DataDescriptorFlag = GeneralPurposeFlags.DataDescriptor;
    private const int LargeBomb = 24 << 20;

    private static readonly string[] Footprint =
        [PartName.Manifest, PartName.Manifest, PartName.BlockMap, PartName.BlockMap, PartName.ContentTypes, PartName.Signature, PartName.Signature, PartName.CodeIntegrity];

    /// <summary>Edits one inner document: manifest, block map, content types, signature or catalogue.</summary>
    /// <returns>What was changed.</returns>
    public static string MutateFootprint(EditableArchive archive, Random random)
    {
        var name = Footprint[random.Next(Footprint.Length)];
        name = name == PartName.Manifest && archive.Find(PartName.BundleManifest) is not null ? PartName.BundleManifest : name;
        if (archive.Find(name) is not { Content: { } content } part)
        {
            return MutatePart(archive, random);
        }

        part.SetContent(
            random.Next(10) == 0 ? ByteMutator.Mutate(content, random)
            : name is PartName.Signature or PartName.CodeIntegrity ? AsnMutator.Mutate(content, random)
            : XmlMutator.Mutate(content, random));
        if (name is (PartName.Manifest or PartName.BundleManifest) && random.Next(6) > 0)
        {
            archive.RebuildBlockMap();
        }

        return $"edited {name}";
    }

    /// <summary>Edits one part, whichever, or their order.</summary>
    /// <returns>What was changed.</returns>
    public static string MutatePart(EditableArchive archive, Random random)
    {
        var index = random.Next(archive.Parts.Count);
        var what = Edit(archive, archive.Parts[index], index, random);
        if (archive.Parts.Count > 0 && random.Next(4) > 0)
        {
            archive.RebuildBlockMap();
        }

        return what;
    }

    private static string Edit(EditableArchive archive, EditablePart part, int index, Random random)
    {
        switch (random.Next(17))
        {
            case 0:
                part.Name = NameMutator.Mutate(part.Name, random);
                return "renamed a part";
            case 1:
                Add(archive, part, NameMutator.Mutate(part.Name, random), random);
                return "added a part of another name";
            case 2:
                Add(archive, part, NameMutator.Twin(part.Name), random);
                return "added a twin in the other case";
            case 3:
                Add(archive, part, part.Name, random);
                return "doubled a part";
            case 4 when archive.Parts.Count > 1:
                archive.Parts.RemoveAt(index);
                return $"removed {part.Name}";
            case 5:
                archive.Parts.RemoveAt(index);
                archive.Parts.Insert(random.Next(archive.Parts.Count + 1), part);
                return $"moved {part.Name}";
            case 6:
                part.Method = part.Method == ZipMethod.Stored ? ZipMethod.Deflated : ZipMethod.Stored;
                part.SetContent(part.Content ?? []);
                return $"packed {part.Name} by the other method";
            case 7:
                part.Flags ^= (ushort)(random.Next(2) == 0 ? DataDescriptorFlag : 1 << random.Next(16));
                return $"flags of {part.Name}";
            case 8:
                part.SizeBytes += random.Next(2) == 0 ? 1 : -1;
                return $"stated another size of {part.Name}";
            case 9:
                part.Crc32 ^= 1;
                return $"stated another CRC of {part.Name}";
            case 10:
                part.SetContent([]);
                return $"emptied {part.Name}";
            case 11:
                part.SetContent(ByteMutator.Mutate(part.Content ?? [], random));
                return $"changed {part.Name}";
            case 12:
                AddMany(archive, part, random);
                return "added many parts";
            case 13:
                archive.IsZip64 = !archive.IsZip64;
                return "other end records";
            case 14 when random.Next(4) == 0:
                Bomb(part, random);
                return $"made {part.Name} a bomb";
            default:
                part.Packed = DamagePacked(part.Packed, random);
                return $"damaged the data of {part.Name}";
        }
    }

    private static void Add(EditableArchive archive, EditablePart part, string name, Random random)
    {
        var copy = part.Copy();
        copy.Name = name;
        archive.Parts.Insert(random.Next(archive.Parts.Count + 1), copy);
    }

    private static void AddMany(EditableArchive archive, EditablePart part, Random random)
    {
        var count = random.Next(16) == 0 ? 3_000 : random.Next(100);
        var name = random.Next(4) == 0 ? NameMutator.Mutate(part.Name, random) : part.Name;
        for (var index = 0; index < count; index++)
        {
            var copy = part.Copy();
            copy.Name = $"{index}/{name}";
            copy.SetContent([]);
            archive.Parts.Insert(0, copy);
        }
    }

    private static void Bomb(EditablePart part, Random random)
    {
        part.Method = ZipMethod.Deflated;
        part.SetContent(new byte[random.Next(LargeBomb)]);
        part.SizeBytes = random.Next(4) switch
        {
            0 => part.SizeBytes - 1,
            1 => random.Next((int)part.SizeBytes + 1),
            _ => part.SizeBytes,
        };
    }

    private static byte[] DamagePacked(byte[] packed, Random random) => random.Next(5) switch
    {
        0 => packed[..random.Next(packed.Length + 1)],
        1 => [.. packed, .. new byte[random.Next(1, 10)]],
        2 when packed.Length > 2 => [.. packed[..^2], 0x03, 0x00],
        3 => [.. packed, 0x03, 0x00],
        _ => ByteMutator.Mutate(packed, random),
    };
}
