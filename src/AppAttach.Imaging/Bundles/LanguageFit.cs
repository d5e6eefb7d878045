namespace AppAttach.Imaging.Bundles;

/// <summary>How near one language comes to another, the nearer the greater.</summary>
internal enum LanguageFit
{
    /// <summary>Another language or script.</summary>
    None,

    /// <summary>The same language for another region: <c>de-DE</c> for <c>de-AT</c>.</summary>
    OtherRegion,

    /// <summary>One of the two is the other's beginning: <c>de</c> for <c>de-AT</c>, or <c>de-AT</c> for <c>de</c>.</summary>
    Prefix,

    /// <summary>The same.</summary>
    Exact,
}
