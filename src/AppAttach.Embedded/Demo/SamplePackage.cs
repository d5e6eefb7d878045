using System.Text;
using AppAttach.Imaging.Packages;

namespace AppAttach.Embedded.Demo;

/// <summary>
/// The package that <c>demo</c> uses when it is given none: an unsigned MSIX, made when it is needed from the files in <c>Sample</c>, a
/// program and a logo that are computed here, and text of several blocks in several folders, by the packer of <c>Imaging</c>.
/// </summary>
internal static class SamplePackage
{
    /// <summary>File name for the package.</summary>
    public const string FileName = "AppAttach.Sample.msix";

    private const int LogoSidePixels = 150;

    /// <summary>Writes the package.</summary>
    /// <param name="output">Takes it, front to back.</param>
    public static void Write(Stream output)
    {
        using var package = new PackageWriter(output);
        package.AddFile("Sample.exe", SampleProgram.Build());
        package.AddFile("Assets/Logo.png", SampleLogo.Build(LogoSidePixels));
        package.AddFile("ReadMe.txt", Resource("ReadMe.txt"));
        package.AddFile("Data/Empty.dat", []);
        package.AddFile("Data/Grüße aus dem Paket (1).txt", Encoding.UTF8.GetBytes("Names outside ASCII travel percent-encoded.\n"));
        package.AddFile("Data/Numbers/Squares.txt", Squares(20_000));
        package.Finish(Resource("AppxManifest.xml"));
    }

    private static byte[] Squares(int count)
    {
        var text = new StringBuilder();
        for (long i = 0; i < count; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i} * {i} = {i * i}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(SamplePackage).Assembly.GetManifestResourceStream("Sample/" + name)
            ?? throw new InvalidOperationException($"The program was built without the sample's {name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
