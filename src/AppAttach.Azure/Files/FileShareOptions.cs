namespace AppAttach.Azure.Files;

/// <summary>The share of one region.</summary>
/// <param name="Region">The region's name.</param>
/// <param name="ShareUri">The share as REST sees it, <c>https://ACCOUNT.file.core.windows.net/SHARE</c>.</param>
/// <param name="UncPath">The share as hosts see it, <c>\\ACCOUNT.file.core.windows.net\SHARE</c>.</param>
/// <param name="Folder">Folder of the share that images lie in; one name.</param>
public sealed record FileShareOptions(string Region, Uri ShareUri, string UncPath, string Folder = "images");
