namespace AppAttach.Azure.Files;

/// <summary>One share of a region.</summary>
/// <param name="ShareUri">The share as REST sees it, <c>https://ACCOUNT.file.core.windows.net/SHARE</c>.</param>
/// <param name="UncPath">The share as hosts see it, <c>\\ACCOUNT.file.core.windows.net\SHARE</c>.</param>
/// <param name="Folder">Folder of the share that images lie in; one name. Not the root, which has a limit of open handles of its own.</param>
public sealed record FileShareOptions(Uri ShareUri, string UncPath, string Folder = "images");
