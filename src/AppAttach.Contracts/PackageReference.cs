namespace AppAttach.Contracts;

/// <summary>Names one package, as every message and record does.</summary>
/// <param name="FullName">Package full name, <c>Name_Version_Architecture_ResourceId_PublisherId</c>.</param>
/// <param name="FamilyName">Package family name, <c>Name_PublisherId</c>.</param>
/// <param name="Version">Version, four numbers of 0 to 65535 with dots.</param>
/// <param name="Architecture">Architecture as in the full name: <c>x64</c>, <c>x86</c>, <c>arm64</c>, <c>arm</c> or <c>neutral</c>.</param>
public sealed record PackageReference(string FullName, string FamilyName, string Version, string Architecture);
