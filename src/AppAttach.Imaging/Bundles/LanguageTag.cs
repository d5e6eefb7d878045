namespace AppAttach.Imaging.Bundles;

/// <summary>
/// A language tag (BCP 47) as far as choosing resources needs it: language, script and region. Chinese is read with the script that its region writes,
/// as the MSIX SDK does (<c>ApplicabilityCommon.cpp</c>), so that <c>zh-CN</c> and <c>zh-Hans</c> are of one kind.
/// </summary>
/// <param name="Language">Language in lower case.</param>
/// <param name="Script">Script in lower case, or empty.</param>
/// <param name="Region">Region in lower case, or empty.</param>
internal readonly record struct LanguageTag(string Language, string Script, string Region)
{
    private const string Undetermined = "und";
    private const int ScriptLength = 4;

    /// <summary>Whether it stands for any language.</summary>
    public bool IsUndetermined => Language == Undetermined;

    /// <summary>Reads a tag; variants and extensions are passed over.</summary>
    public static LanguageTag Parse(string text)
    {
        var subtags = text.ToLowerInvariant().Split('-');
        var (script, region, index) = ("", "", 1);
        if (index < subtags.Length && subtags[index].Length == ScriptLength && subtags[index].All(char.IsAsciiLetter))
        {
            script = subtags[index++];
        }

        if (index < subtags.Length && IsRegion(subtags[index]))
        {
            region = subtags[index];
        }

        if (subtags[0] == "zh" && script.Length == 0)
        {
            script = region is "tw" or "hk" or "mo" ? "hant" : region is "cn" or "sg" or "my" ? "hans" : "";
        }

        return new(subtags[0], script, region);
    }

    /// <summary>How near resources of this language come to a wanted one.</summary>
    public LanguageFit FitTo(LanguageTag wanted)
    {
        if (this == wanted)
        {
            return LanguageFit.Exact;
        }

        // A tag that says less fits every tag that begins with it, in either direction; two scripts or two languages have nothing in common.
        var isScriptOpen = Script.Length == 0 || wanted.Script.Length == 0;
        if (Language != wanted.Language || !(isScriptOpen || Script == wanted.Script))
        {
            return LanguageFit.None;
        }

        return Region.Length == 0 || wanted.Region.Length == 0 || Region == wanted.Region ? LanguageFit.Prefix : LanguageFit.OtherRegion;
    }

    private static bool IsRegion(string subtag) =>
        subtag.Length == 2 ? subtag.All(char.IsAsciiLetter) : subtag.Length == 3 && subtag.All(char.IsAsciiDigit);
}
