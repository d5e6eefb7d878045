namespace AppAttach.Functions.Settings;

/// <summary>One region of <c>AppAttach__Regions__N</c>.</summary>
/// <param name="Name">The region's name.</param>
/// <param name="Shares">Its shares, one or more; images are spread over them. Add at the end.</param>
internal sealed record RegionSettings(string Name, IReadOnlyList<ShareSettings> Shares);
