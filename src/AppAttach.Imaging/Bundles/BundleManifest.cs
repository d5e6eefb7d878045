using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>What <c>AppxMetadata/AppxBundleManifest.xml</c> says.</summary>
/// <param name="Identity">Who the bundle is: its architecture is always <c>neutral</c> and its resource id <c>~</c>.</param>
/// <param name="SchemaYear">Generation of the schema, the year in the root's namespace: 2013 or 2016 to 2019.</param>
/// <param name="Packages">Its packages, in the order of the manifest.</param>
/// <param name="OptionalBundles">Bundles of optional packages that belong to it and are files of their own.</param>
public sealed record BundleManifest(
    PackageIdentity Identity, int SchemaYear, IReadOnlyList<BundleEntry> Packages, IReadOnlyList<OptionalBundle> OptionalBundles);
