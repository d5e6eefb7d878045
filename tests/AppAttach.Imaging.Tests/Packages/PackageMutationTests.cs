using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

/// <summary>Broken packages of all kinds end in the one exception that is documented, or are still sound.</summary>
public sealed class PackageMutationTests
{
    private const int Mutations = 1_000;
    private const int DirectoryBytes = 1_500;

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
            var mutated = ByteMutator.Mutate(original, random, tail: DirectoryBytes);
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
}
