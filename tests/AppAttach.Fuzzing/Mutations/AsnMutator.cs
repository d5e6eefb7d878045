using System.Text;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing.Mutations;

/// <summary>Edits a signature's encoding: lengths, tags, values missing, doubled, nested or huge; what encloses the edit keeps lengths that fit, mostly.</summary>
internal static class AsnMutator
{
    private const int MagicBytes = 4;
    private const int LargeFlood = 1_900_000;
    private const int MostRepeatedBytes = 300_000;

    private static readonly string[] Times =
    [
        "000101000000Z", "491231235959Z", "500101000000Z", "991231235959Z", "00000000000000Z", "99991231235959Z", "20240230000000Z", "19500101000000Z", "20300101000000.999999999999Z",
    ];

    /// <summary>Makes one to three edits of a signature part.</summary>
    /// <param name="signature">Content of the part: four bytes, then an encoding.</param>
    /// <param name="random">Where and what.</param>
    /// <returns>The changed content.</returns>
    public static byte[] Mutate(byte[] signature, Random random)
    {
        if (signature.Length <= MagicBytes || random.Next(8) == 0 || AsnNode.TryRead(signature.AsSpan(MagicBytes)) is not { } root)
        {
            return random.Next(3) == 0 ? signature[..random.Next(signature.Length)] : ByteMutator.Mutate(signature, random, Math.Min(MagicBytes, signature.Length));
        }

        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var nodes = root.All().ToList();
            Edit(nodes[random.Next(nodes.Count)], nodes, random);
        }

        return [.. signature.AsSpan(0, MagicBytes), .. root.Write()];
    }

    private static void Edit(AsnNode node, List<AsnNode> nodes, Random random)
    {
        switch (random.Next(16))
        {
            case 0:
                node.Length = LengthFor(node, random);
                break;
            case 1:
                node.Tag = TagFor(node.Tag[0], random);
                break;
            case 2:
                node.Children?.RemoveRange(0, random.Next(node.Children.Count + 1));
                break;
            case 3:
                Repeat(node, random);
                break;
            case 4:
                (node.Children, node.Content) = (null, []);
                break;
            case 5:
                (node.Children, node.Content) = (null, Flood(random, (byte)random.Next(256)));
                break;
            case 6:
                // A number or identifier of one huge arc or value.
                (node.Tag, node.Children, node.Content) = ([(byte)(random.Next(2) == 0 ? 0x02 : 0x06)], null, [.. Flood(random, 0xFF), 0x7F]);
                break;
            case 7:
                Nest(node, random);
                break;
            case 8:
                (node.Length, node.Trailer) = ([0x80], random.Next(3) == 0 ? [] : [0, 0]);
                break;
            case 9:
                var other = nodes[random.Next(nodes.Count)];
                (node.Tag, node.Content, node.Children) = (other.Tag, other.Content, other.Children is null || other.All().Contains(node) ? null : other.Children);
                break;
            case 10:
                node.Content = Encoding.ASCII.GetBytes(Times[random.Next(Times.Length)]);
                (node.Tag, node.Children) = ([(byte)(node.Content.Length > 14 ? 0x18 : 0x17)], null);
                break;
            case 11:
                node.Children?.Reverse();
                break;
            case 12:
                node.Trailer = Flood(random, (byte)random.Next(256));
                break;
            default:
                if (node.Children is null)
                {
                    node.Content = ByteMutator.Mutate(node.Content, random);
                }
                else if (node.Children.Count > 0)
                {
                    node.Children.RemoveAt(random.Next(node.Children.Count));
                }

                break;
        }
    }

    private static byte[] LengthFor(AsnNode node, Random random) => random.Next(9) switch
    {
        0 => [0],
        1 => [0x7F],
        2 => [0x80],
        3 => [0x81, 0x00],
        4 => [0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        5 => [0x84, 0x7F, 0xFF, 0xFF, 0xFF],
        6 => [0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        7 => AsnNode.LengthOf(node.Write().Length + 1),
        _ => [0x84, .. AsnNode.LengthOf(1 << 20).AsSpan(1)],
    };

    private static byte[] TagFor(byte tag, Random random) => random.Next(5) switch
    {
        0 => [(byte)(tag ^ 0x20)],
        1 => [(byte)(tag ^ 0x80)],
        2 => [(byte)(tag + 1)],
        3 => [(byte)(tag | 0x1F), 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        _ => [(byte)random.Next(256)],
    };

    private static void Repeat(AsnNode node, Random random)
    {
        if (node.Children is { Count: > 0 } children)
        {
            var child = children[random.Next(children.Count)];
            var count = random.Next(16) == 0 ? 150 : random.Next(1, 12);
            children.AddRange(Enumerable.Repeat(child, Math.Min(count, MostRepeatedBytes / (child.Write().Length + 1))));
        }
    }

    // Constructed values in one another, of definite or indefinite length; built as bytes, as there may be very many.
    private static void Nest(AsnNode node, Random random)
    {
        int[] depths = [1, 2, 100, 10_000, 200_000];
        var depth = depths[random.Next(random.Next(16) == 0 ? depths.Length : depths.Length - 1)];
        byte tag = random.Next(2) == 0 ? (byte)0x24 : (byte)0x30;
        byte[] content = [.. Enumerable.Repeat<byte[]>([tag, 0x80], depth).SelectMany(pair => pair), .. node.Write(), .. new byte[random.Next(4) == 0 ? 0 : 2 * depth]];
        (node.Tag, node.Children, node.Content) = ([tag], null, content);
    }

    private static byte[] Flood(Random random, byte value)
    {
        var bytes = new byte[random.Next(32) == 0 ? random.Next(LargeFlood) : random.Next(2_000)];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
