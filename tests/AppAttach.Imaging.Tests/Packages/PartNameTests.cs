using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

public sealed class PartNameTests
{
    public static TheoryData<string> GoodPaths =>
    [
        "a", "a/b/c.txt", "a b.txt", "a%5B.js", "[x].png", "Größe/名前.txt", "😀.png", ".hidden", "con1", "com", "com0.txt", "lpt10", "a..b",
        "conx/y", "xn-", new string('a', 255), $"{new string('ह', 255)}/x", "deep/" + string.Join('/', Enumerable.Repeat("d", 500)),
    ];

    public static TheoryData<string> BadPaths =>
    [
        "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "a/.", "a.", "a ", "a./b", "C:/x", "a:b", "a*", "a?", "a\"", "a<", "a>", "a|", "a\\b", "a\tb",
        "a\u0000", "CON", "con.txt", "a/Nul", "com1", "COM9.x/y", "lpt3", "xn--abc", "a/XN--b",
        "appxmanifest.xml", "APPXBLOCKMAP.XML", "AppxMetadata/x", "appxmetadata2/x", "AppxMetadata/codeintegrity.cat",
        "Microsoft.System.Package.Metadata/x", "_rels/.rels", "a/_rels/b.rels", new string('a', 256), $"x/{new string('ह', 256)}",
        string.Join('/', Enumerable.Repeat("d", 1_025)),
    ];

    [Theory]
    [MemberData(nameof(GoodPaths))]
    public void GoodPath_ComesBack(string path)
    {
        Assert.Equal(path, PartName.Decode(PartName.Encode(path)));
        Assert.Equal([1], PackageContent.ReadAll(new PackageBuilder().With(path, [1]).Build()).Files[path]);
    }

    [Theory]
    [MemberData(nameof(BadPaths))]
    public void BadPath_IsRefused(string path)
    {
        Assert.Equal(Defect.UnsafeName, Assert.Throws<InvalidInputException>(() => PartName.Check(path, PackageLimits.Default)).Defect);
        Assert.Throws<InvalidInputException>(() => new PackageBuilder().With(path, [1]).Build());
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDC00)]
    [InlineData(0xFFFE)]
    [InlineData(0xFFFF)]
    public void HalfPairOrNoncharacter_IsRefused(int half)
    {
        Assert.Throws<InvalidInputException>(() => PartName.Check($"a{(char)half}", PackageLimits.Default));
        Assert.Throws<InvalidInputException>(() => PartName.Check($"a{(char)half}b", PackageLimits.Default));
    }

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("/abs")]
    [InlineData("CON.txt")]
    [InlineData("C:/x")]
    public void BadPathInAPackage_IsRefused(string path)
    {
        var package = new PackageBuilder().With(path, "x").BuildUnsafe();
        Assert.Equal(Defect.UnsafeName, Assert.Throws<InvalidInputException>(() => PackageContent.ReadAll(package)).Defect);
    }

    [Theory]
    [InlineData("a%")]
    [InlineData("a%2")]
    [InlineData("a%GG")]
    [InlineData("a% 1")]
    [InlineData("%41")]
    [InlineData("a%2Fb")]
    [InlineData("a%5Cb")]
    [InlineData("%2E%2E/a")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%F4%90%80%80")]
    [InlineData("%FF")]
    [InlineData("%e0%a4%b9")]
    public void MalformedEscape_IsRefused(string encoded) =>
        Assert.Equal(Defect.UnsafeName, Assert.Throws<InvalidInputException>(() => PartName.Check(PartName.Decode(encoded), PackageLimits.Default)).Defect);

    [Theory]
    [InlineData("a%20b%28c%29", "a b(c)")]
    [InlineData("a%20b(c)", "a b(c)")]
    [InlineData("a%255B.js", "a%5B.js")]
    [InlineData("%E0%A4%B9", "ह")]
    [InlineData("[Content_Types].xml", "[Content_Types].xml")]
    public void Encoded_IsDecodedOnce(string encoded, string path) => Assert.Equal(path, PartName.Decode(encoded));

    [Theory]
    [InlineData("a.txt", "A.txt", Defect.UnsafeName)]
    [InlineData("straße/é.txt", "STRAßE/É.txt", Defect.UnsafeName)]
    [InlineData("a", "a/b", Defect.UnsafeName)]
    [InlineData("A/b", "a", Defect.UnsafeName)]
    [InlineData("x/y/z", "X/Y", Defect.UnsafeName)]
    public void Clash_IsRefused(string first, string second, Defect defect)
    {
        var package = new PackageBuilder().With(first, "1").With("between", "2").With(second, "3").BuildUnsafe();
        Assert.Equal(defect, Assert.Throws<InvalidInputException>(() => PackageContent.ReadAll(package)).Defect);
    }

    [Fact]
    public void FoldersThatDifferInCase_AreOneFolder()
    {
        var package = new PackageBuilder().With("Assets/a", "1").With("assets/b", "2").With("assets-2", "3").With("a", "4").With("a-b/c", "5").Build();
        Assert.Equal(7, PackageContent.ReadAll(package).Files.Count);
    }
}
