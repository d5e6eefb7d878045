using System.Text;
using AppAttach.Contracts;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Rollout;
using AppAttach.TestKit.Packages;

namespace AppAttach.Pipeline.Tests.Intake;

/// <summary>How a publishing ends, for each way in which it can.</summary>
public sealed class PublishPackageOrchestratorTests
{
    [Fact]
    public async Task SoundPackage_IsReleasedInAllRegions()
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal(PackageState.Released, result.State);
        Assert.Null(result.Code);
        var release = Assert.Single(host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases));
        Assert.Equal(["east", "west"], release.Copies.Select(copy => copy.Region));
        Assert.Equal($"//east/images/{Packages.SampleFullName}.vhdx", release.Copies[0].Path);
        Assert.Equal([$"{Packages.SampleFullName}.vhdx"], host.Images.Commits);
        Assert.Equal(0, host.Images.Unfinished);
        Assert.Equal(("released", Packages.SampleFullName), host.Inbox.Marks["sample.msix"]);
        var verdict = Assert.Single(host.Verdicts());
        Assert.Equal(MessageTypes.ReleaseAvailable, verdict.Type);
        Assert.Null(verdict.Content.Code);
        var record = Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
        Assert.Equal(PackageState.Released, record.State);
        Assert.Equal(Packages.SampleFullName, record.Package!.FullName);
        Assert.Equal(["signature-ignored"], record.Notes.Select(note => note.Id));
        Assert.Equal("\"released\"", host.Engine.Get(record.Id)!.CustomStatus);
        Assert.Equal(2, (await host.AllRolloutsAsync()).Count);
    }

    [Fact]
    public async Task SelfSignedPackage_NeedsItsCertificateOnHosts()
    {
        Judge.Require("osslsigncode", "openssl");
        using var folder = new TemporaryFolder();
        var (key, certificate, package, signed) = (folder.PathOf("key.pem"), folder.PathOf("certificate.pem"), folder.PathOf("plain.msix"), folder.PathOf("signed.msix"));
        await File.WriteAllBytesAsync(package, Packages.Sample());
        await Judge.PassAsync(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/C=US/ST=Washington/L=Redmond/O=Contoso Ltd/CN=Contoso Test",
            "-addext", "extendedKeyUsage=codeSigning");
        await Judge.PassAsync("osslsigncode", "sign", "-certs", certificate, "-key", key, "-h", "sha256", "-in", package, "-out", signed);
        var fingerprint = await Judge.PassAsync("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256");
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = new PackagePolicy { Signature = SignatureMode.Intact } };
        await host.StartAsync();

        var result = await host.PublishAsync("signed.msix", await File.ReadAllBytesAsync(signed));

        Assert.Equal(PackageState.Released, result.State);
        Assert.Equal(
            fingerprint[(fingerprint.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().Replace(":", "", StringComparison.Ordinal),
            Assert.Single(host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases)).Needs!.SelfSignedBy,
            ignoreCase: true);
    }

    [Theory]
    [InlineData("msix-packaging/Empty.appx", ErrorCodes.NotAPackage)]
    [InlineData("msix-packaging/BlockMap/No_blockmap.appx", ErrorCodes.BlockmapMissing)]
    [InlineData("msix-packaging/BlockMap/Duplicate_file_in_blockmap.appx", ErrorCodes.BlockmapInvalid)]
    [InlineData("synthetic/invalid-traversal-dotdot.msix", ErrorCodes.UnsafeName)]
    [InlineData("synthetic/invalid-name.msix", ErrorCodes.ManifestInvalid)]
    [InlineData("synthetic/invalid-encrypted-flag.msix", ErrorCodes.Encrypted)]
    [InlineData("synthetic/invalid-uncompressed-size-lie.msix", null)]
    [InlineData("synthetic/invalid-block-hash.msix", ErrorCodes.BlockmapMismatch)]
    [InlineData("synthetic/invalid-signed-tampered-payload.msix", ErrorCodes.BlockmapMismatch)]
    [InlineData("synthetic/invalid-deflate-corrupt.msix", null)]
    public async Task UnsoundPackage_IsRejectedAndLeavesNothing(string path, string? code)
    {
        Assert.False(PackageCorpus.Rows.Single(row => row.Path == path).IsValid);
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();

        var result = await host.PublishAsync("bad.msix", await File.ReadAllBytesAsync(PackageCorpus.PathOf(path)));

        Assert.Equal(PackageState.Rejected, result.State);
        Assert.Equal(code ?? result.Code, result.Code);
        Assert.Equal(ErrorKind.Reject, ErrorCodes.All[result.Code!]);
        AssertNothingPublished(host);
        AssertRejected(host, "bad.msix", result.Code!);
    }

    [Fact]
    public async Task SignedByATrustedPublisher_IsReleasedAndItsWarningsAreKept()
    {
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = new PackagePolicy { TrustedCertificates = [await File.ReadAllTextAsync(PackageCorpus.Certificate)] } };
        host.Clock.Advance(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) - host.Clock.GetUtcNow());
        await host.StartAsync();

        var result = await host.PublishAsync("signed.msix", await File.ReadAllBytesAsync(PackageCorpus.PathOf("synthetic/valid-signed.msix")));

        Assert.Equal(PackageState.Released, result.State);
        var record = Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
        Assert.Equal([("timestamp-missing", true), ("revocation-unknown", false)], record.Notes.Select(note => (note.Id, note.IsWarning)));
    }

    [Theory]
    [InlineData("synthetic/valid-zip64-dd.msix", SignatureMode.Trusted, ErrorCodes.SignatureMissing)]
    [InlineData("synthetic/valid-signed.msix", SignatureMode.Trusted, ErrorCodes.PublisherUntrusted)]
    [InlineData("synthetic/valid-signed.msix", SignatureMode.Intact, null)]
    [InlineData("synthetic/invalid-signed-publisher-mismatch.msix", SignatureMode.Intact, ErrorCodes.PublisherMismatch)]
    public async Task SignatureThatDoesNotHold_IsRejectedBeforeConversion(string path, SignatureMode mode, string? code)
    {
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = new PackagePolicy { Signature = mode } };
        await host.StartAsync();

        var result = await host.PublishAsync("package.msix", await File.ReadAllBytesAsync(PackageCorpus.PathOf(path)));

        Assert.Equal(code, result.Code);
        if (code is not null)
        {
            AssertNothingPublished(host);
            AssertRejected(host, "package.msix", code);
            Assert.DoesNotContain(
                host.Engine.ReadHistory(host.Catalog.All<PackageRecord>(DocumentKinds.Packages)[0].Id), entry => entry.Name == "ConvertPackageActivity");
        }
    }

    [Theory]
    [InlineData("x64")]
    [InlineData("arm64")]
    public async Task Bundle_IsReleasedAsItsPackageForTheHosts(string architecture)
    {
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = host.Options.Policy with { HostArchitecture = architecture, Signature = SignatureMode.Intact } };
        await host.StartAsync();

        var result = await host.PublishAsync("app.msixbundle", await File.ReadAllBytesAsync(PackageCorpus.PathOf("synthetic/valid-signed-bundle.msixbundle")));

        Assert.Equal((PackageState.Released, null), (result.State, result.Code));
        var release = Assert.Single(host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases));
        Assert.Equal($"Contoso.Bundle_1.2.3.4_{architecture}__j8tmt7aeqvrx2", release.Package.FullName);
        var record = Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
        Assert.Contains(record.Notes, note => note.Id == "bundle-taken" && note.Message.Contains($"(is for {architecture})", StringComparison.Ordinal));
        Assert.Single(await host.AllRolloutsAsync());
    }

    [Theory]
    [InlineData("synthetic/flat/valid-flat.msixbundle", SignatureMode.Ignore, ErrorCodes.BundleInvalid)]
    [InlineData("synthetic/valid-bundle-3arch-lang-scale.msixbundle", SignatureMode.Intact, ErrorCodes.SignatureMissing)]
    [InlineData("synthetic/invalid-bundle-inner-arch.msixbundle", SignatureMode.Ignore, ErrorCodes.BundleInvalid)]
    public async Task BundleThatCannotBePublished_IsRejectedWithItsCode(string path, SignatureMode mode, string code)
    {
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = host.Options.Policy with { Signature = mode } };
        await host.StartAsync();

        var result = await host.PublishAsync("bad.msixbundle", await File.ReadAllBytesAsync(PackageCorpus.PathOf(path)));

        Assert.Equal((PackageState.Rejected, code), (result.State, result.Code));
        AssertNothingPublished(host);
        AssertRejected(host, "bad.msixbundle", code);
    }

    [Theory]
    [InlineData(ImageCheck.Structure, true, true)]
    [InlineData(ImageCheck.Structure, false, false)]
    [InlineData(ImageCheck.Full, false, true)]
    [InlineData(ImageCheck.Off, true, false)]
    public async Task ImageDamagedOnItsWay_IsNeverReleased_AndFoundInTheHubAsFarAsItIsLookedFor(ImageCheck check, bool isStructure, bool isFoundInHub)
    {
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { ImageCheck = check };
        host.Images.Damage = image => image[image.AsSpan().LastIndexOf(isStructure ? "FILE0"u8 : "Hello."u8)] ^= 1;
        await host.StartAsync();

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        // What the check in the hub does not see, no region can copy: the copy's hash is another one.
        Assert.Equal(PackageState.Failed, result.State);
        Assert.Empty(host.Shares["east"].Copies);
        Assert.Equal(isFoundInHub, host.Images.Images.IsEmpty);
        var message = host.Catalog.All<PackageRecord>(DocumentKinds.Packages)[0].Message;
        Assert.Equal(isFoundInHub, message!.Contains("was not sound when it was read back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LocalHeaderChangedAfterSigning_IsRejectedByConversionAndLeavesNothing()
    {
        // Only the signature's digest over all parts covers it, and that one is known when all has been read.
        const int localHeaderTimeOffset = 10;
        var bytes = await File.ReadAllBytesAsync(PackageCorpus.PathOf("synthetic/valid-signed.msix"));
        bytes[localHeaderTimeOffset] ^= 1;
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = new PackagePolicy { Signature = SignatureMode.Intact } };
        await host.StartAsync();

        var result = await host.PublishAsync("bad.msix", bytes);

        Assert.Equal((PackageState.Rejected, ErrorCodes.SignatureInvalid), (result.State, result.Code));
        Assert.Contains(
            host.Engine.ReadHistory(host.Catalog.All<PackageRecord>(DocumentKinds.Packages)[0].Id), entry => entry.Name == "ConvertPackageActivity");
        AssertNothingPublished(host);
        AssertRejected(host, "bad.msix", ErrorCodes.SignatureInvalid);
    }

    [Fact]
    public async Task TamperedBlock_PassesVerificationAndIsRejectedByConversion()
    {
        var bytes = await File.ReadAllBytesAsync(PackageCorpus.PathOf("synthetic/invalid-block-hash.msix"));
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();

        var result = await host.PublishAsync("bad.msix", bytes);

        Assert.Equal(ErrorCodes.BlockmapMismatch, result.Code);
        Assert.NotNull(result.Package);
        Assert.Contains(
            host.Engine.ReadHistory(host.Catalog.All<PackageRecord>(DocumentKinds.Packages)[0].Id),
            entry => entry.Name == "ConvertPackageActivity");
        AssertNothingPublished(host);
    }

    [Theory]
    [InlineData(0, PackageState.Released)]
    [InlineData(1, PackageState.Rejected)]
    public async Task PackageAroundTheDeploymentsLimit_IsTakenUpToIt(int over, PackageState state)
    {
        var package = Packages.Sample();
        await using var host = new PipelineTestHost("east");
        host.Options = host.Options with { Policy = host.Options.Policy with { MaximumPackageBytes = package.Length - over } };
        await host.StartAsync();

        var result = await host.PublishAsync("sample.msix", package);

        Assert.Equal(state, result.State);
        Assert.Equal(over == 0 ? null : ErrorCodes.LimitExceeded, result.Code);
    }

    [Fact]
    public async Task SameFullNameWithOtherContent_IsAVersionConflictAndKeepsTheFirst()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.PublishAsync("first.msix", Packages.Sample("One."));
        var image = host.Images.Images.Single().Value;

        var result = await host.PublishAsync("second.msix", Packages.Sample("Two."));

        Assert.Equal((PackageState.Rejected, ErrorCodes.VersionConflict), (result.State, result.Code));
        Assert.Same(image, host.Images.Images.Single().Value);
        Assert.Single(host.Images.Commits);
        Assert.Equal(0, host.Images.Unfinished);
        AssertRejected(host, "second.msix", ErrorCodes.VersionConflict);
        Assert.Equal("released", host.Inbox.Marks["first.msix"].State);
    }

    [Fact]
    public async Task SamePackageAgain_IsReleasedWithTheFirstImageAndNoSecondRollout()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east");
        await host.PublishAsync("first.msix", Packages.Sample());
        await host.AllRolloutsAsync();
        var commands = host.Bus.Commands.Count;

        var result = await host.PublishAsync("second.msix", Packages.Sample());

        Assert.Equal(PackageState.Released, result.State);
        Assert.Single(host.Images.Commits);
        Assert.Single(host.Shares["east"].Made);
        Assert.Equal(0, host.Images.Unfinished);
        Assert.Single(await host.AllRolloutsAsync());
        Assert.Equal(commands, host.Bus.Commands.Count);
        Assert.Equal(2, host.Verdicts().Select(sent => sent.Id).Distinct().Count());
    }

    [Fact]
    public async Task SameDropNoticedAgain_StartsNothing()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var drop = host.Inbox.Put("sample.msix", Packages.Sample());
        await host.PublishAsync(drop);

        await host.PublishAsync(drop);

        Assert.Single(host.Verdicts());
        Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
    }

    [Fact]
    public async Task OneRegionAwayForGood_IsPartlyReleasedAndTheOthersDoNotWait()
    {
        await using var host = new PipelineTestHost("east", "west");
        host.Shares["west"].IsAway = true;
        await host.StartAsync();
        await host.HelloAsync("host-e", "pool-east");
        var began = host.Clock.GetUtcNow();
        var id = await host.DropAsync(host.Inbox.Put("sample.msix", Packages.Sample()));

        await host.DriveAsync(id, () => host.Shares["west"].Attempts == 3);
        Assert.Equal(RolloutState.Completed, (await host.RolloutAsync("pool-east")).State);
        Assert.True(host.Bus.Registered.ContainsKey($"host-e {Packages.SampleFullName}"));
        Assert.Null(host.Engine.Get(id)!.Output);
        var result = await host.EndAsync<PublishPackageResult>(id);

        Assert.Equal((PackageState.PartlyReleased, ErrorCodes.ShareUnavailable), (result.State, result.Code));
        Assert.Equal(40, host.Shares["west"].Attempts);
        Assert.Equal(TimeSpan.FromSeconds(9810), host.Clock.GetUtcNow() - began);
        Assert.Equal(["east"], host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single().Copies.Select(copy => copy.Region));
        var (type, _, content) = Assert.Single(host.Verdicts());
        Assert.Equal(MessageTypes.ReleaseAvailable, type);
        Assert.Equal(
            $"{Packages.SampleFullName} is available in 1 of 2 regions. Region west: The share of west is away.", content.Message);
        Assert.Equal("released", host.Inbox.Marks["sample.msix"].State);
        Assert.Single(host.Engine.List(), status => status.Name == nameof(RunRolloutOrchestrator));
    }

    [Fact]
    public async Task RegionThatComesBack_IsReleasedAndRolledOutThen()
    {
        await using var host = new PipelineTestHost("east", "west");
        host.Shares["west"].IsAway = true;
        await host.StartAsync();
        await host.HelloAsync("host-w", "pool-west");
        var id = await host.DropAsync(host.Inbox.Put("sample.msix", Packages.Sample()));
        await host.DriveAsync(id, () => host.Shares["west"].Attempts == 20);
        Assert.Empty(host.Bus.Registered);

        host.Shares["west"].IsAway = false;
        var result = await host.EndAsync<PublishPackageResult>(id);

        Assert.Equal((PackageState.Released, null), (result.State, result.Code));
        Assert.Equal(21, host.Shares["west"].Attempts);
        Assert.Equal(RolloutState.Completed, (await host.RolloutAsync("pool-west")).State);
        Assert.True(host.Bus.Registered.ContainsKey($"host-w {Packages.SampleFullName}"));
    }

    [Fact]
    public async Task AllRegionsAway_Fails()
    {
        await using var host = new PipelineTestHost("east", "west");
        host.Shares["west"].IsAway = host.Shares["east"].IsAway = true;
        await host.StartAsync();

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal((PackageState.Failed, ErrorCodes.ShareUnavailable), (result.State, result.Code));
        Assert.Equal(MessageTypes.PackageFailed, Assert.Single(host.Verdicts()).Type);
        Assert.Equal("failed", host.Inbox.Marks["sample.msix"].State);
        Assert.DoesNotContain(host.Engine.List(), status => status.Name == nameof(RunRolloutOrchestrator));
    }

    [Fact]
    public async Task SamePackageAfterARegionCameBack_ReachesThatRegion()
    {
        await using var host = new PipelineTestHost("east", "west");
        host.Shares["west"].IsAway = true;
        await host.StartAsync();
        await host.PublishAsync("sample.msix", Packages.Sample());
        host.Shares["west"].IsAway = false;

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal(PackageState.Released, result.State);
        Assert.Single(host.Images.Commits);
        Assert.Equal(2, (await host.AllRolloutsAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DropReplacedOrRemovedBeforeItIsVerified_IsDropChanged(bool isReplaced)
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var drop = host.Inbox.Put("sample.msix", Packages.Sample());
        Change(host, isReplaced);

        await AssertDropChangedAsync(host, await host.PublishAsync(drop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DropReplacedOrRemovedBeforeItIsConverted_IsDropChanged(bool isReplaced)
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var drop = host.Inbox.Put("sample.msix", Packages.Sample());
        host.Faults.Refuses = call =>
        {
            if (call == "inbox.open" && host.Inbox.Opened == 1)
            {
                Change(host, isReplaced);
            }

            return null;
        };

        await AssertDropChangedAsync(host, await host.PublishAsync(drop));
    }

    [Fact]
    public async Task DropWrittenOverWhileItIsRead_IsDropChangedAndNoVerdictOnItsContent()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var drop = host.Inbox.Put("sample.msix", Packages.Sample());
        host.Inbox.OpensAs = content =>
        {
            host.Inbox.OpensAs = null;
            host.Inbox.Put("sample.msix", Packages.Sample("Other."));
            return new MemoryStream(content[..^9], writable: false);
        };

        await AssertDropChangedAsync(host, await host.PublishAsync(drop));
    }

    [Fact]
    public async Task InboxThatFailsWhileItIsRead_IsTriedAgain()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var package = Packages.Sample();
        host.Inbox.OpensAs = content => host.Inbox.Opened == 2 ? new HostileStream(content, failsAtBytes: 40) : new MemoryStream(content);

        var result = await host.PublishAsync("sample.msix", package);

        Assert.Equal(PackageState.Released, result.State);
        Assert.Equal(3, host.Inbox.Opened);
        Assert.Equal(0, host.Images.Unfinished);
    }

    [Theory]
    [InlineData("inbox.open")]
    [InlineData("images.create")]
    [InlineData("images.commit")]
    public async Task PortThatKeepsFailing_EndsInFailedWithARecordAnEventAndAMark(string port)
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        host.Faults.Refuses = call => call == port ? new IOException("Out of order.") : null;

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal((PackageState.Failed, ErrorCodes.Internal), (result.State, result.Code));
        Assert.Contains("Out of order.", Assert.Single(host.Verdicts()).Content.Message, StringComparison.Ordinal);
        Assert.Equal(PackageState.Failed, host.Catalog.All<PackageRecord>(DocumentKinds.Packages).Single().State);
        Assert.Equal("failed", host.Inbox.Marks["sample.msix"].State);
        Assert.Empty(host.Images.Images);
        Assert.Equal(0, host.Images.Unfinished);
    }

    [Fact]
    public async Task CatalogDocumentsPurgedMeanwhile_EndsAllTheSame()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        host.Faults.Refuses = call =>
        {
            if (call is "images.commit" or "share.copy east")
            {
                foreach (var (kind, key) in host.Catalog.Keys.Where(document => document.Kind == DocumentKinds.Packages))
                {
                    host.Catalog.DeleteAsync(kind, key, default).Wait();
                }
            }

            return null;
        };

        Assert.Equal(PackageState.Released, (await host.PublishAsync("sample.msix", Packages.Sample())).State);
        Assert.Equal(PackageState.Released, host.Catalog.All<PackageRecord>(DocumentKinds.Packages).Single().State);
    }

    [Fact]
    public async Task ReleasePurgedWhileTheImageIsMade_IsClaimedAnew()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var purges = 0;
        host.Faults.Refuses = call =>
        {
            if (call == "images.commit" && ++purges == 1)
            {
                host.Catalog.DeleteAsync(DocumentKinds.Releases, Packages.SampleFullName, default).Wait();
            }

            return null;
        };

        Assert.Equal(PackageState.Released, (await host.PublishAsync("sample.msix", Packages.Sample())).State);
        Assert.NotNull(host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single().Image);

        // Two attempts, each with a manifest and an image.
        Assert.Equal(4, purges);
    }

    [Fact]
    public async Task ReleasePurgedBeforeItsRegion_FailsWithASentence()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        host.Faults.Refuses = call =>
        {
            if (call == "share.copy east")
            {
                host.Catalog.DeleteAsync(DocumentKinds.Releases, Packages.SampleFullName, default).Wait();
            }

            return null;
        };

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal((PackageState.Failed, ErrorCodes.Internal), (result.State, result.Code));
        Assert.Contains("is not in the catalog any more", host.Verdicts().Single().Content.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OlderVersionDroppedLate_IsReleasedButNotRolledOut()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east");
        await host.PublishAsync("new.msix", Packages.Sample(version: "1.10.0.0"));
        await host.AllRolloutsAsync();

        var result = await host.PublishAsync("old.msix", Packages.Sample(version: "1.9.0.0"));
        await host.PublishAsync("arm.msix", Packages.Sample(version: "1.0.0.0", architecture: "arm64"));
        await host.AllRolloutsAsync();

        Assert.Equal(PackageState.Released, result.State);
        Assert.Equal(
            ["host-1 Contoso.Sample_1.10.0.0_x64__j8tmt7aeqvrx2"],
            host.Bus.Registered.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OwnAssignmentOfAFamily_WinsOverTheOneOfEveryFamily()
    {
        await using var host = new PipelineTestHost("east");
        host.Assign(Packages.SampleFamily, "pool-east", "S-1-5-21-1");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east");

        await host.PublishAsync("sample.msix", Packages.Sample());
        await host.AllRolloutsAsync();

        Assert.Equal(["S-1-5-21-1"], host.Bus.Commands.Single(command => command.Kind == CommandKind.Register).Users);
    }

    private static void Change(PipelineTestHost host, bool isReplaced)
    {
        if (isReplaced)
        {
            host.Inbox.Put("sample.msix", Encoding.UTF8.GetBytes("Something else."));
        }
        else
        {
            host.Inbox.Remove("sample.msix");
        }
    }

    private static Task AssertDropChangedAsync(PipelineTestHost host, PublishPackageResult result)
    {
        Assert.Equal((PackageState.Rejected, ErrorCodes.DropChanged), (result.State, result.Code));
        Assert.Empty(host.Inbox.Marks);
        Assert.Equal(ErrorCodes.DropChanged, Assert.Single(host.Verdicts()).Content.Code);
        AssertNothingPublished(host);
        return Task.CompletedTask;
    }

    private static void AssertNothingPublished(PipelineTestHost host)
    {
        Assert.Empty(host.Images.Images);
        Assert.Equal(0, host.Images.Unfinished);
        Assert.Empty(host.Shares["east"].Copies);
        Assert.Empty(host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases));
        Assert.DoesNotContain(host.Engine.List(), status => status.Name == nameof(RunRolloutOrchestrator));
    }

    private static void AssertRejected(PipelineTestHost host, string name, string code)
    {
        var record = host.Catalog.All<PackageRecord>(DocumentKinds.Packages).Single(package => package.Drop == name);
        Assert.Equal((PackageState.Rejected, code), (record.State, record.Code));
        Assert.False(string.IsNullOrWhiteSpace(record.Message));
        var (type, _, content) = Assert.Single(host.Verdicts(), sent => sent.Content.Drop == name);
        Assert.Equal(MessageTypes.PackageRejected, type);
        Assert.Equal((code, record.Message), (content.Code, content.Message));
        Assert.Equal(("rejected", $"{code}: {record.Message}"), host.Inbox.Marks[name]);
    }
}
