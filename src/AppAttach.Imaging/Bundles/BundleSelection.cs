using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// Which packages of a bundle a target needs, and why: the one place of the rules of applicability. <c>README.md</c> beside this file has them in words.
/// </summary>
public sealed class BundleSelection
{
    private const string Neutral = "neutral";
    private const string UniversalFamily = "Windows.Universal";

    // What runs on hosts of an architecture, the best first: first its own, then what Windows 11 emulates there, then what needs no architecture.
    private static readonly Dictionary<string, string[]> Runs = new(StringComparer.Ordinal)
    {
        ["x86"] = ["x86", Neutral],
        ["x64"] = ["x64", "x86", Neutral],
        ["arm"] = ["arm", Neutral],
        ["arm64"] = ["arm64", "x64", "x86a64", "x86", "arm", Neutral],
    };

    private readonly BundleTarget target;
    private readonly Dictionary<BundledPackage, string> wantedApplications = [];
    private readonly List<string> unmet = [];
    private readonly HashSet<int>? scales;
    private readonly List<(LanguageTag Language, string Text, LanguageFit Best)>? languages;
    private readonly LanguageTag? defaultLanguage;

    private BundleSelection(Bundle bundle, BundleTarget target)
    {
        this.target = target;
        ChooseApplications(bundle);
        var resources = bundle.Packages.Where(package => package.Entry.Type == BundledPackageType.Resource).ToList();
        List<BundledPackage> candidates = [.. wantedApplications.Keys, .. resources];
        defaultLanguage = wantedApplications.Keys.Select(package => package.Entry.Languages).FirstOrDefault(list => list.Count > 0)?[0] is { } text
            ? LanguageTag.Parse(text) : null;
        languages = FindBestLanguages(candidates);
        scales = FindBestScales(candidates);
        Choices = [.. bundle.Packages.Select(package => package.Entry.Type == BundledPackageType.Application ? JudgeApplication(package) : JudgeResource(package))];
        Packages = [.. Choices.Where(choice => choice.IsTaken).Select(choice => choice.Package)];
        OptionalBundles = bundle.Manifest.OptionalBundles;
    }

    /// <summary>Architectures that hosts have.</summary>
    public static IReadOnlyCollection<string> HostArchitectures => Runs.Keys;

    /// <summary>Every package of the bundle, in the order of the manifest, with the reason for taking or leaving it.</summary>
    public IReadOnlyList<BundleChoice> Choices { get; }

    /// <summary>The packages taken, in the order of the manifest.</summary>
    public IReadOnlyList<BundledPackage> Packages { get; }

    /// <summary>Architectures of the target that no application package of the bundle runs on; then the bundle is not for those hosts.</summary>
    public IReadOnlyList<string> UnmetArchitectures => unmet;

    /// <summary>Bundles of optional packages that belong to the bundle: named here, for whoever wants them to ask for them; never taken.</summary>
    public IReadOnlyList<OptionalBundle> OptionalBundles { get; }

    /// <summary>Chooses.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="target">What for.</param>
    /// <exception cref="ArgumentException">The target names an architecture that hosts do not have.</exception>
    public static BundleSelection Choose(Bundle bundle, BundleTarget target)
    {
        if (target.Architectures?.FirstOrDefault(architecture => !Runs.ContainsKey(architecture)) is { } unknown)
        {
            throw new ArgumentException($"Hosts of architecture {Invalid.Quote(unknown)} are not known; {string.Join(", ", Runs.Keys)} are.", nameof(target));
        }

        return new(bundle, target);
    }

    private void ChooseApplications(Bundle bundle)
    {
        var fitting = bundle.Packages.Where(package => package.Entry.Type == BundledPackageType.Application && FitsFamily(package.Entry)).ToList();
        if (target.Architectures is null)
        {
            foreach (var package in fitting.Where(package => package == PreferredForm(fitting, package)))
            {
                wantedApplications.Add(package, "all architectures are wanted");
            }

            return;
        }

        foreach (var host in target.Architectures.Distinct())
        {
            var best = Runs[host].Select(architecture => fitting.Find(package => package.Entry.Architecture == architecture))
                .Select(package => package is null ? null : PreferredForm(fitting, package)).FirstOrDefault(package => package is not null);
            if (best is null)
            {
                unmet.Add(host);
            }
            else
            {
                wantedApplications.TryAdd(best, best.Entry.Architecture == host ? $"is for {host}" : $"{best.Entry.Architecture} runs on {host}");
            }
        }
    }

    // Of a package and its stub, the one that is wanted; a stub without its full package is never taken for it.
    private BundledPackage? PreferredForm(List<BundledPackage> packages, BundledPackage package)
    {
        BundledPackage? Find(bool isStub) => packages.Find(candidate => candidate.Entry.IsStub == isStub &&
            candidate.Entry.Architecture == package.Entry.Architecture &&
            candidate.Entry.DeviceFamilies.SequenceEqual(package.Entry.DeviceFamilies, StringComparer.OrdinalIgnoreCase));
        return (target.PrefersStubs ? Find(isStub: true) : null) ?? Find(isStub: false);
    }

    private bool FitsFamily(BundleEntry entry) =>
        target.DeviceFamily is not { } family || entry.DeviceFamilies.Count == 0 ||
        entry.DeviceFamilies.Contains(family, StringComparer.OrdinalIgnoreCase) || entry.DeviceFamilies.Contains(UniversalFamily, StringComparer.OrdinalIgnoreCase);

    // For each wanted language, how near the bundle comes to it: only what comes nearest is taken, so that other regions stand in and do not add up.
    private List<(LanguageTag, string, LanguageFit)>? FindBestLanguages(List<BundledPackage> candidates)
    {
        var offered = candidates.SelectMany(package => package.Entry.Languages).Select(LanguageTag.Parse).ToHashSet();
        return target.Languages?.Select(text =>
        {
            var wanted = LanguageTag.Parse(text);
            var best = offered.Select(language => language.FitTo(wanted)).DefaultIfEmpty().Max();
            return (wanted, text, best);
        }).ToList();
    }

    // Larger pictures scale down better than smaller ones up: the next scale at or above the wanted one, or else the largest.
    private HashSet<int>? FindBestScales(List<BundledPackage> candidates)
    {
        var offered = candidates.SelectMany(package => package.Entry.Scales).Distinct().Order().ToList();
        return offered.Count == 0 ? [] : target.Scales?.Select(wanted => offered.Find(scale => scale >= wanted) is > 0 and var scale ? scale : offered[^1]).ToHashSet();
    }

    private BundleChoice JudgeApplication(BundledPackage package)
    {
        if (wantedApplications.TryGetValue(package, out var reason))
        {
            return new(package, true, reason);
        }

        var entry = package.Entry;
        return new(package, false,
            !FitsFamily(entry) ? $"is for {string.Join(", ", entry.DeviceFamilies)}, not for {target.DeviceFamily}"
            : entry.IsStub ? "is a stub, and full packages are wanted"
            : wantedApplications.Keys.Any(wanted => wanted.Entry.IsStub && wanted.Entry.Architecture == entry.Architecture) ? "its stub is wanted"
            : $"{entry.Architecture} is not the best for any architecture wanted");
    }

    private BundleChoice JudgeResource(BundledPackage package)
    {
        var entry = package.Entry;
        if (!FitsFamily(entry))
        {
            return new(package, false, $"is for {string.Join(", ", entry.DeviceFamilies)}, not for {target.DeviceFamily}");
        }

        if (entry.Architecture != Neutral && !wantedApplications.Keys.Any(wanted => wanted.Entry.Architecture == entry.Architecture))
        {
            return new(package, false, $"goes with the application package for {entry.Architecture}, which is not taken");
        }

        if (entry.HasDefaultResources)
        {
            return new(package, true, "has the default resources");
        }

        if (!entry.IsQualified)
        {
            return new(package, true, "is for all languages and scales");
        }

        var reasons = new[] { JudgeLanguage(entry), JudgeScale(entry), JudgeDirectX(entry) }.OfType<(bool IsTaken, string Reason)>().ToList();
        var refused = reasons.FindIndex(reason => !reason.IsTaken);
        return refused >= 0 ? new(package, false, reasons[refused].Reason) : new(package, true, string.Join(", ", reasons.Select(reason => reason.Reason)));
    }

    private (bool IsTaken, string Reason)? JudgeLanguage(BundleEntry entry)
    {
        if (entry.Languages.Count == 0)
        {
            return null;
        }

        if (languages is null)
        {
            return (true, "all languages are wanted");
        }

        foreach (var text in entry.Languages)
        {
            var language = LanguageTag.Parse(text);
            if (language.IsUndetermined)
            {
                return (true, $"{text} is for any language");
            }

            if (defaultLanguage is { } standard && language.FitTo(standard) >= LanguageFit.Prefix)
            {
                return (true, $"{text} is the default language");
            }

            foreach (var wanted in languages)
            {
                if (wanted.Best > LanguageFit.None && Reaches(language.FitTo(wanted.Language), wanted.Best))
                {
                    return (true, wanted.Best == LanguageFit.OtherRegion
                        ? $"{text} is another region's {wanted.Text}, and nothing comes nearer" : $"{text} fits {wanted.Text}");
                }
            }
        }

        return (false, $"{string.Join(", ", entry.Languages)} is no language wanted");
    }

    // What is one another's beginning stands beside an exact fit; another region stands in only where there is neither.
    private static bool Reaches(LanguageFit fit, LanguageFit best) =>
        fit >= (best == LanguageFit.OtherRegion ? LanguageFit.OtherRegion : LanguageFit.Prefix);

    private (bool IsTaken, string Reason)? JudgeScale(BundleEntry entry)
    {
        if (entry.Scales.Count == 0)
        {
            return null;
        }

        var scale = entry.Scales.FirstOrDefault(scale => scales is null || scales.Contains(scale));
        return scales is null ? (true, "all scales are wanted")
            : scale > 0 ? (true, $"scale {scale} is the best for a scale wanted")
            : (false, $"scale {string.Join(", ", entry.Scales)} is not the best for any scale wanted");
    }

    private (bool IsTaken, string Reason)? JudgeDirectX(BundleEntry entry)
    {
        if (entry.DirectXLevels.Count == 0)
        {
            return null;
        }

        return target.DirectXLevels is null ? (true, "all DirectX levels are wanted")
            : entry.DirectXLevels.Any(level => target.DirectXLevels.Contains(level, StringComparer.OrdinalIgnoreCase)) ? (true, $"fits {string.Join(", ", entry.DirectXLevels)}")
            : (false, $"{string.Join(", ", entry.DirectXLevels)} is no DirectX level wanted");
    }
}
