using System.CommandLine;

namespace AppAttach.Embedded.Commands;

/// <summary>Options and arguments that several commands have; each command makes its own.</summary>
internal static class SharedOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Write one JSON document for programs instead of text for people." };

    /// <summary><c>IMAGE</c>.</summary>
    public static Argument<FileInfo> Image() => new Argument<FileInfo>("IMAGE") { Description = "A disk image: VHDX, VHD or raw." }.AcceptExistingOnly();

    /// <summary><c>--trust</c>.</summary>
    public static Option<FileInfo[]> Trust() => new Option<FileInfo[]>("--trust")
    {
        Description = "Certificates (PEM) to trust besides the usual ones. Not used yet: this version checks no signature, and says so.",
    }.AcceptExistingOnly();

    /// <summary><c>--signature</c>.</summary>
    public static Option<string> Signature()
    {
        var option = new Option<string>("--signature")
        {
            Description = "How much of the signature must hold. This version checks structure and block hashes only, whatever is asked, and says so.",
            DefaultValueFactory = _ => "trusted",
        };
        option.AcceptOnlyFromAmong("trusted", "intact", "ignore");
        return option;
    }
}
