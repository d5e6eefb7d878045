using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

/// <summary>Broken packages of all kinds end in the one exception that is documented, or are still sound.</summary>
public sealed class PackageMutationTests
{
    private const int Mutations = 1_000;

    public static TheoryData<bool, bool, int> Seeds => new MatrixTheoryData<bool, bool, int>([false, true], [false, true], [1, 2]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomMutations_ThrowOnlyInvalidInput(bool isZip64, bool hasDataDescriptors, int seed)
    {
        var original = new PackageBuilder { Options = new() { IsZip64 = isZip64, HasDataDescriptors = hasDataDescriptors } }
            .With("a/one.txt", PackageBuilder.Content(70_000)).With("b.png", PackageBuilder.Content(500)).With("empty", "").Build();
        var random = new Random(seed);
        for (var round = 0; round < Mutations; round++)
        {
            var mutated = Mutate(original, random);
            try
            {
                PackageContent.ReadAll(mutated, workers: 1);
            }
            catch (InvalidInputException exception)
            {
                Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        var package = new PackageBuilder().With("a.txt", "abc").Build();
        for (var length = 0; length < package.Length; length++)
        {
            Assert.Throws<InvalidInputException>(() => PackageContent.ReadAll(package[..length], workers: 1));
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            // Half of the changes go to the last 1,500 bytes, where the directory is.
            var at = random.Next(2) == 0 ? random.Next(bytes.Length) : Math.Max(0, bytes.Length - 1 - random.Next(1500));
            var length = random.Next(1, Math.Min(9, bytes.Length - at + 1));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 255));
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
                    break;
                default:
                    bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }

        return bytes;
    }
}
