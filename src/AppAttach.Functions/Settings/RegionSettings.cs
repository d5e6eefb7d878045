namespace AppAttach.Functions.Settings;

/// <summary>One region of <c>AppAttach__Regions__N</c>.</summary>
/// <param name="Name">The region's name.</param>
/// <param name="ShareUri">The share as REST sees it, <c>https://ACCOUNT.file.core.windows.net/SHARE</c>.</param>
/// <param name="UncPath">The share as hosts see it, <c>\\ACCOUNT.file.core.windows.net\SHARE</c>.</param>
internal sealed record RegionSettings(string Name, string ShareUri, string UncPath);
