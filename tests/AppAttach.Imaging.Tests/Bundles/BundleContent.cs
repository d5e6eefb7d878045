using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.Imaging.Tests.Signatures;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Reads and verifies bundles as the tests need it.</summary>
internal static class BundleContent
{
    /// <summary>Opens a bundle from its bytes.</summary>
    public static Bundle Open(byte[] bundle, Func<string, Stream?>? openBeside = null, PackageLimits? limits = null) =>
        Bundle.Open(new MemoryStream(bundle, writable: false), openBeside, limits);

    /// <summary>Opens a bundle that must be refused.</summary>
    public static InvalidInputException Refusal(byte[] bundle, Func<string, Stream?>? openBeside = null, PackageLimits? limits = null)
    {
        var exception = Assert.Throws<InvalidInputException>(() => Open(bundle, openBeside, limits));
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
        return exception;
    }

    /// <summary>Reads all of a package.</summary>
    public static void Drain(Package package)
    {
        using var content = package.ReadContent(2);
        while (content.TryRead(out _))
        {
        }
    }

    /// <summary>Verifies with a pass over the bundle.</summary>
    public static SignatureVerdict Verify(Bundle bundle, SignaturePolicy policy, DateTimeOffset? now = null)
    {
        using var pass = bundle.StartPass();
        pass.Complete();
        return new SignatureVerifier(policy).Verify(bundle, pass, now ?? Verification.Now);
    }

    /// <summary>Verifies with a pass over the bundle.</summary>
    public static SignatureVerdict Verify(byte[] bundle, SignaturePolicy policy, DateTimeOffset? now = null)
    {
        using var opened = Open(bundle);
        return Verify(opened, policy, now);
    }
}
