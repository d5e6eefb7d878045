using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

[Collection(CommandCollection.Name)]
public sealed class InspectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TextAndJson_SayTheSame()
    {
        var package = PackageCorpus.PathOf("synthetic/valid-signed.msix");
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("inspect", package, "--full", "--json", "--trust", PackageCorpus.Certificate);
        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(output);
        var row = PackageCorpus.Rows.Single(row => row.Path == "synthetic/valid-signed.msix");
        Assert.Equal(row.FullName, json.RootElement.GetProperty("fullName").GetString());
        Assert.Equal(row.FileCount, json.RootElement.GetProperty("fileCount").GetInt64());
        Assert.Equal(await ImageJudge.DigestAsync(package), json.RootElement.GetProperty("digest").GetString(), ignoreCase: true);
        var signature = json.RootElement.GetProperty("signature");
        Assert.All((string[])["isSigned", "isComplete", "isTrusted"], name => Assert.True(signature.GetProperty(name).GetBoolean(), name));
        Assert.Equal("10.0.17763.0", json.RootElement.GetProperty("minimumWindows").GetString());

        var text = (await AppAttachProcess.RunAsync("inspect", package, "--full", "--trust", PackageCorpus.Certificate)).Output;
        foreach (var name in (string[])["fullName", "familyName", "displayName", "publisher", "kind"])
        {
            Assert.Contains(json.RootElement.GetProperty(name).GetString()!, text, StringComparison.Ordinal);
        }

        Assert.Contains("trusted", text, StringComparison.Ordinal);
        Assert.Contains("Warning: The signature has no timestamp", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamageInContent_IsFoundByAFullReadOnly()
    {
        var package = PackageCorpus.PathOf("synthetic/invalid-block-hash.msix");
        Assert.Equal(0, (await AppAttachProcess.RunAsync("inspect", package, "--signature", "ignore")).ExitCode);
        Assert.StartsWith(ErrorCodes.BlockmapMismatch + ": ", await Refusal.OfAsync(ExitCode.Rejected, "inspect", package, "--full", "--signature", "ignore"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedPackage_IsStillReported_WithEveryReason()
    {
        var package = PackageCorpus.PathOf("synthetic/invalid-signed-publisher-mismatch.msix");
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("inspect", package, "--json");
        Assert.Equal((int)ExitCode.Rejected, exitCode);
        Assert.StartsWith(ErrorCodes.PublisherMismatch + ": ", error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            [ErrorCodes.PublisherMismatch, ErrorCodes.PublisherUntrusted],
            json.RootElement.GetProperty("refusals").EnumerateArray().Select(refusal => refusal.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task TrustThatIsNoCertificate_IsNamed()
    {
        var package = PackageCorpus.PathOf("synthetic/valid-signed.msix");
        Assert.Contains(package, await Refusal.OfAsync(ExitCode.Failed, "inspect", package, "--trust", package), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoPackage_IsRefused()
    {
        var empty = _folder.PathOf("empty.msix");
        await File.WriteAllBytesAsync(empty, []);
        Assert.StartsWith(ErrorCodes.NotAPackage + ": ", await Refusal.OfAsync(ExitCode.Rejected, "inspect", empty, "--json"), StringComparison.Ordinal);
        Assert.Contains(_folder.Path, await Refusal.OfAsync(ExitCode.Failed, "inspect", _folder.Path), StringComparison.Ordinal);
        await Refusal.OfAsync(ExitCode.Usage, "inspect", _folder.PathOf("nothing.msix"));
        await Refusal.OfAsync(ExitCode.Usage, "inspect");
        await Refusal.OfAsync(ExitCode.Usage, "inspect", empty, "--signature", "perhaps");
        await Refusal.OfAsync(ExitCode.Usage, "inspekt", empty);
    }

    [Fact]
    public async Task FileThatMayNotBeRead_IsAFailureInOneLine()
    {
        Judge.Require("setpriv");
        var secret = _folder.PathOf("secret.msix");
        await File.WriteAllBytesAsync(secret, [1]);
        await Judge.PassAsync("chmod", "000", secret);
        await Judge.PassAsync("chmod", "755", _folder.Path);
        if (Environment.UserName != "root")
        {
            Judge.Missing("Another user can only be taken on by root.");
        }

        var (exitCode, output) = await Judge.RunAsync(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", AppAttachProcess.Executable, "inspect", secret);
        Assert.Equal((int)ExitCode.Failed, exitCode);
        Assert.Contains(secret, Assert.Single(output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
