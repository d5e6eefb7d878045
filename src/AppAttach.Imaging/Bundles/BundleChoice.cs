namespace AppAttach.Imaging.Bundles;

/// <summary>What became of one package of a bundle when packages were chosen.</summary>
/// <param name="Package">The package.</param>
/// <param name="IsTaken">Whether it was taken.</param>
/// <param name="Reason">Why it was taken or left: a phrase for people, such as <c>runs on x64</c>.</param>
public sealed record BundleChoice(BundledPackage Package, bool IsTaken, string Reason);
