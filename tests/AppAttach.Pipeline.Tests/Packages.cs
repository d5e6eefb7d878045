using AppAttach.TestKit.Packages;

namespace AppAttach.Pipeline.Tests;

/// <summary>Small packages for the pipeline's tests.</summary>
internal static class Packages
{
    public const string SampleFullName = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2";

    public const string SampleFamily = "Contoso.Sample_j8tmt7aeqvrx2";

    /// <summary>The sample, or another content or version of it.</summary>
    public static byte[] Sample(string content = "Hello.", string version = "1.2.3.4", string architecture = "x64") =>
        new PackageBuilder { Version = version, Architecture = architecture }.With("app.exe", content).With("logo.png", "A picture.").Build();
}
