namespace AppAttach.Imaging.Bundles;

/// <summary>
/// What the packages of a bundle are chosen for. Of each quality, null stands for all that the bundle has, and an empty list for what is
/// needed in any case only.
/// </summary>
public sealed record BundleTarget
{
    /// <summary>Everything that the bundle has, but stubs.</summary>
    public static BundleTarget All { get; } = new() { DeviceFamily = null };

    /// <summary>Architectures of the hosts, each of <c>x86</c>, <c>x64</c>, <c>arm</c>, <c>arm64</c>; for each the best application package is taken.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Languages of the users, as BCP 47 has them, such as <c>de-DE</c>.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Scales of the users' displays, in percent.</summary>
    public IReadOnlyList<int>? Scales { get; init; }

    /// <summary>DirectX feature levels of the hosts, such as <c>dx11</c>.</summary>
    public IReadOnlyList<string>? DirectXLevels { get; init; }

    /// <summary>Device family of the hosts; null for any. Default <c>Windows.Desktop</c>.</summary>
    public string? DeviceFamily { get; init; } = "Windows.Desktop";

    /// <summary>Whether stubs are taken instead of full packages, where there are some. Default false.</summary>
    public bool PrefersStubs { get; init; }
}
