using System.Security.Cryptography;
using AppAttach.Contracts;

namespace AppAttach.Listener.Tests;

/// <summary>Packages, images and commands of the tests.</summary>
internal static class TestPackage
{
    public const string Host = "host-1";
    public const string FamilyName = "Contoso.App_8wekyb3d8bbwe";

    public static PackageReference Make(string version = "1.0.0.0") => new($"Contoso.App_{version}_x64__8wekyb3d8bbwe", FamilyName, version, "x64");

    public static string Manifest(string version = "1.0.0.0", string name = "Contoso.App") =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
          <Identity Name="{name}" Version="{version}" Publisher="CN=Contoso" ProcessorArchitecture="x64" />
        </Package>
        """;

    public static ImageReference Reference(string path)
    {
        var content = File.ReadAllBytes(path);
        return new ImageReference(path, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, "vhdx", "apps");
    }

    public static HostCommand Command(CommandKind kind, PackageReference? package, ImageReference? image = null, string? id = null, params string[] users) => new()
    {
        CommandId = id ?? Guid.NewGuid().ToString("N"),
        Host = Host,
        Kind = kind,
        Package = package,
        Image = image,
        Users = users,
        Deadline = DateTimeOffset.UtcNow.AddHours(1),
        RolloutId = "rollout-7",
    };

    public static HostCommand Register(PackageReference package, RegisterMode mode, params string[] users) => Command(CommandKind.Register, package, null, null, users) with { Mode = mode };
}
