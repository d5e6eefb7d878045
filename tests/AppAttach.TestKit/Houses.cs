namespace AppAttach.TestKit;

/// <summary>Which project may see which. A new arrow here needs a decision record in <c>src/decisions</c>.</summary>
public static class Houses
{
    /// <summary>Each project with the projects it may refer to, without the prefix <c>AppAttach.</c></summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Arrows { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["Contracts"] = [],
        ["Imaging"] = [],
        ["Pipeline"] = ["Contracts", "Imaging"],
        ["Api"] = ["Pipeline", "Contracts"],
        ["Azure"] = ["Pipeline", "Contracts", "Imaging"],
        ["Functions"] = ["Api", "Pipeline", "Azure", "Contracts", "Imaging"],
        ["Listener"] = ["Contracts"],
        ["Embedded"] = ["Api", "Pipeline", "Listener", "Imaging", "Contracts"],
    };

    /// <summary>The house that an assembly is, or null for one that is none of ours.</summary>
    /// <param name="assemblyName">Simple name of the assembly.</param>
    public static string? Of(string assemblyName) => assemblyName switch
    {
        "appattach" => "Embedded",
        "appattach-listener" => "Listener",
        _ when assemblyName.StartsWith("AppAttach.", StringComparison.Ordinal) => assemblyName["AppAttach.".Length..],
        _ => null,
    };
}
