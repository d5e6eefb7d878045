using System.Security.Cryptography;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Tests.Volumes;

public sealed class UpcaseTableTests
{
    [Fact]
    public void Table_IsThatOfWindows()
    {
        var bytes = new byte[UpcaseTable.SizeBytes];
        UpcaseTable.Windows.Write(0, bytes);
        Assert.Equal("41c26bc7a12bdaeb26025c93118697c7e3ef81ee048b00fe5cce2a472e0e0742", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.Equal('A', UpcaseTable.Read(bytes).ToUpper('a'));
    }

    [Theory]
    [InlineData("a", "B", -1)]
    [InlineData("a", "ab", -1)]
    [InlineData("Z", "_", -1)]
    [InlineData("z", "_", -1)]
    [InlineData("ß", "ss", 1)]
    [InlineData("ı", "I", 1)]
    [InlineData("A", "a", -1)]
    [InlineData("σ", "Σ", 1)]
    [InlineData("é", "É", 1)]
    [InlineData("\uD83D\uDE00", "\uFFFD", -1)]
    [InlineData("same", "same", 0)]
    public void Names_AreOrderedAsFoldersHoldThem(string left, string right, int expected)
    {
        Assert.Equal(expected, Math.Sign(UpcaseTable.Windows.Compare(left, right)));
        Assert.Equal(-expected, Math.Sign(UpcaseTable.Windows.Compare(right, left)));
    }

    [Theory]
    [InlineData("README.TXT", "readme.txt", true)]
    [InlineData("Σς", "σς", true)]
    [InlineData("ς", "σ", false)]
    [InlineData("İ", "i", false)]
    [InlineData("ß", "ẞ", false)]
    [InlineData("ÿ", "Ÿ", true)]
    public void CaseAlone_MakesNoOtherName(string left, string right, bool isSame) =>
        Assert.Equal(isSame, UpcaseTable.Windows.CompareIgnoringCase(left, right) == 0);

    [Fact]
    public void TableOfOtherSize_IsRefused() =>
        Assert.Equal(Defect.ImageCorrupt, Assert.Throws<InvalidInputException>(() => UpcaseTable.Read(new byte[UpcaseTable.SizeBytes - 2])).Defect);
}
