using System.Globalization;

namespace AppAttach.TestKit.Packages;

/// <summary>The packages of <c>tests/packages</c> and the verdicts on them.</summary>
public static class PackageCorpus
{
    /// <summary>Every row of <c>verdicts.tsv</c>.</summary>
    public static IReadOnlyList<PackageVerdict> Rows { get; } = Read();

    /// <summary>Absolute path of the self-signed certificate that signed packages of the folder <c>synthetic</c> are signed with.</summary>
    public static string Certificate { get; } = PathOf("synthetic/contoso-test-cert.pem");

    /// <summary>Absolute path of a package of the corpus.</summary>
    public static string PathOf(string path) => Repository.PathOf(["tests", "packages", .. path.Split('/')]);

    private static List<PackageVerdict> Read() =>
    [
        .. File.ReadLines(Repository.PathOf("tests", "packages", "verdicts.tsv")).Skip(1).Select(line => line.Split('\t')).Select(cells =>
            new PackageVerdict(
                cells[0], cells[1], cells[2] == "valid", cells[3], cells[4], Number(cells[5]), Number(cells[6]), cells[7] == "yes", cells[9])),
    ];

    private static long Number(string cell) => long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
