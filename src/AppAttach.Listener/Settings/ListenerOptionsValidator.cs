namespace AppAttach.Listener.Settings;

/// <summary>Finds everything that is wrong with settings, not only the first of it.</summary>
internal static class ListenerOptionsValidator
{
    private const int HostLimit = 50;

    /// <summary>A sentence for each thing that is wrong.</summary>
    public static IReadOnlyList<string> Validate(ListenerOptions options)
    {
        var findings = new List<string>();
        if (options.Host.Length is 0 or > HostLimit || !options.Host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
        {
            findings.Add($"Host \"{options.Host}\": 1 to {HostLimit} letters, digits, '-', '.' and '_' are allowed; a subscription is named after it.");
        }

        Require(findings, options.Pool.Length > 0, "No pool is given: say which pool this host belongs to.");
        Require(findings, !options.AlsoIn.Any(string.IsNullOrWhiteSpace), "A further pool has no name.");
        Require(findings, options.Bus is { IsAbsoluteUri: true, Scheme: "https" or "http" }, "No bus is given, or its address is not absolute with https:// or http://.");
        Require(findings, options.Identity != IdentityKind.Key || options.KeyName.Length > 0, "No key name is given: say which key of the bus the listener has.");
        Require(findings, Path.IsPathFullyQualified(options.StateFolder), $"State folder \"{options.StateFolder}\" is not an absolute path.");
        Require(findings, options.MountRoot is null || Path.IsPathFullyQualified(options.MountRoot), $"Mount root \"{options.MountRoot}\" is not an absolute path.");
        Require(findings, options.OffersFolder is null || Path.IsPathFullyQualified(options.OffersFolder), $"Offers folder \"{options.OffersFolder}\" is not an absolute path.");
        Require(findings, options.ShareRoots.Count > 0, "No share root is given: name each folder that images may come from.");
        findings.AddRange(options.ShareRoots.Where(root => !Path.IsPathFullyQualified(root)).Select(root => $"Share root \"{root}\" is not an absolute path."));
        Limit(findings, "Hello interval", options.HelloInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Limit(findings, "Receive timeout", options.ReceiveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Require(findings, options.ParallelImages is >= 1 and <= 16, $"Parallel images is {options.ParallelImages}; 1 to 16 are allowed.");
        Limit(findings, "Retry time", options.RetryFor, TimeSpan.Zero, TimeSpan.FromHours(1));
        if (options.Identity == IdentityKind.Key && (options.KeyFile is not null || options.KeyName.Length > 0))
        {
            _ = BusKey.Read(options, out var problem);
            Require(findings, problem is null, problem ?? "");
        }

        return findings;
    }

    private static void Require(List<string> findings, bool isRight, string finding)
    {
        if (!isRight)
        {
            findings.Add(finding);
        }
    }

    private static void Limit(List<string> findings, string name, TimeSpan value, TimeSpan least, TimeSpan most) =>
        Require(findings, value >= least && value <= most, $"{name} is {value.TotalSeconds} s; {least.TotalSeconds} to {most.TotalSeconds} s are allowed.");
}
