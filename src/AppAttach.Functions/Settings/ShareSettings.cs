namespace AppAttach.Functions.Settings;

/// <summary>One share of <c>AppAttach__Regions__N__Shares__M</c>.</summary>
/// <param name="Uri">The share as REST sees it, <c>https://ACCOUNT.file.core.windows.net/SHARE</c>.</param>
/// <param name="UncPath">The share as hosts see it, <c>\\ACCOUNT.file.core.windows.net\SHARE</c>.</param>
internal sealed record ShareSettings(string Uri, string UncPath);
