using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Tests.Volumes;
using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Images;

/// <summary>Descriptors, read by ntfs-3g and spelled by the tests' own decoder, against what Windows is known to write.</summary>
public sealed class ImageSecurityTests : IDisposable
{
    private const string Installer = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
    private const string Capability =
        "S-1-15-3-1024-3635283841-2530182609-996808640-1887759898-3848208603-3313616867-983405619-2501854204";

    private const string WindowsApps = $"O:{Installer}G:SYD:PAI(A;;FA;;;{Installer})(A;OICIIO;GA;;;{Installer})(A;;0x1200a9;;;{Capability})"
        + $"(A;OICIIO;GXGR;;;{Capability})(A;;FA;;;SY)(A;OICIIO;GA;;;SY)(A;CI;0x1200a9;;;BA)(A;OICI;0x1200a9;;;LS)(A;OICI;0x1200a9;;;NS)"
        + "(A;OICI;0x1200a9;;;RC)(XA;;0x1200a9;;;BU;(Exists WIN://SYSAPPID))";

    private const string InheritedByFolder = $"(A;OICIID;FA;;;{Installer})(A;OICIID;0x1200a9;;;{Capability})(A;OICIID;FA;;;SY)"
        + "(A;CIID;0x1200a9;;;BA)(A;OICIID;0x1200a9;;;LS)(A;OICIID;0x1200a9;;;NS)(A;OICIID;0x1200a9;;;RC)";

    private const string InheritedByFile = $"(A;ID;FA;;;{Installer})(A;ID;0x1200a9;;;{Capability})(A;ID;FA;;;SY)"
        + "(A;ID;0x1200a9;;;LS)(A;ID;0x1200a9;;;NS)(A;ID;0x1200a9;;;RC)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PackagesOfEachKind_HaveTheDescriptorsThatWindowsGivesThem()
    {
        var application = new PackageBuilder().With("app.exe", "x").With("Assets/Deep/logo.png", "x").Build();
        var framework = MakeOfKind("Contoso.Runtime", "<Framework>true</Framework>");
        var image = _folder.PathOf("image.vhdx");
        await ImageFile.WriteAsync(image, new ImageOptions(), application, framework);
        var partition = _folder.PathOf("partition.img");
        await ImageFile.ExtractPartitionAsync(image, partition, _folder.PathOf("disk"));
        await RequireAuditedAsync(partition);
        await using var mounted = await MountedVolume.MountAsync(partition, _folder.PathOf("mount"));

        var apps = Path.Combine(mounted.Path, "apps");
        Assert.Equal(WindowsApps, MountedSecurity.Of(apps));
        var own = Path.Combine(apps, "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2");
        var capability = SidOf("Contoso.Sample_j8tmt7aeqvrx2");
        const string condition = "(WIN://SYSAPPID Contains \"Contoso.Sample_j8tmt7aeqvrx2\")";
        Assert.Equal(
            $"O:SYG:SYD:AI(XA;OICI;0x1200a9;;;BU;{condition})(A;OICI;0x1200a9;;;{capability})(A;OICI;FR;;;BU){InheritedByFolder}",
            MountedSecurity.Of(own));
        var folder = $"O:SYG:SYD:AI(XA;OICIID;0x1200a9;;;BU;{condition})(A;OICIID;0x1200a9;;;{capability})(A;OICIID;FR;;;BU){InheritedByFolder}";
        Assert.Equal(folder, MountedSecurity.Of(Path.Combine(own, "Assets")));
        Assert.Equal(folder, MountedSecurity.Of(Path.Combine(own, "Assets", "Deep")));
        var file = $"O:SYG:SYD:AI(XA;ID;0x1200a9;;;BU;{condition})(A;ID;0x1200a9;;;{capability})(A;ID;FR;;;BU){InheritedByFile}";
        Assert.Equal(file, MountedSecurity.Of(Path.Combine(own, "app.exe")));
        Assert.Equal(file, MountedSecurity.Of(Path.Combine(own, "Assets", "Deep", "logo.png")));
        Assert.Equal(
            $"O:SYG:SYD:AI(A;OICI;0x1200a9;;;BU)(A;OICI;0x1200a9;;;AC)(A;OICI;0x1200a9;;;S-1-15-2-2){InheritedByFolder}",
            MountedSecurity.Of(Path.Combine(apps, "Contoso.Runtime_1.0.0.0_x64__j8tmt7aeqvrx2")));
        Assert.Equal(
            $"O:SYG:SYD:AI(A;ID;0x1200a9;;;BU)(A;ID;0x1200a9;;;AC)(A;ID;0x1200a9;;;S-1-15-2-2){InheritedByFile}",
            MountedSecurity.Of(Path.Combine(apps, "Contoso.Runtime_1.0.0.0_x64__j8tmt7aeqvrx2", "AppxManifest.xml")));
    }

    // The family name and its capability on a published descriptor of Windows 11.
    [Fact]
    public void CapabilityOfAFamily_IsWindowsOwn() => Assert.Equal(
        "S-1-15-3-466767348-3739614953-2700836392-1801644223-4227750657-1087833535-2488631167",
        SidOf("Microsoft.WindowsCalculator_8wekyb3d8bbwe"));

    [Fact]
    public void PackagesOfOneFamily_ShareTheirDescriptors()
    {
        var tree = new VolumeTree();
        var apps = tree.AddFolder(SystemRecord.RootFolder, "apps", PackageSecurity.PackagesFolder);
        var before = tree.Security.Entries.Count;
        foreach (var name in (string[])["One_1.0.0.0_x64__a", "One_1.0.0.0_x64_de_a"])
        {
            tree.AddFile(tree.AddFolder(apps, name, PackageSecurity.Application("One_a")), "folder/folder/file", 1);
        }

        Assert.Equal(before + 3, tree.Security.Entries.Count);
    }

    // Around what one part of $SDS holds, and what makes index buffers two levels deep. Some 700 bytes a descriptor, three a family.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(500, 3)]
    [InlineData(3000, 17)]
    public async Task ManyFamilies_HaveADescriptorEach(int families, int parts)
    {
        var tree = new VolumeTree();
        var apps = tree.AddFolder(SystemRecord.RootFolder, "apps", PackageSecurity.PackagesFolder);
        for (var family = 0; family < families; family++)
        {
            var name = $"Contoso.Package.Number{family}_j8tmt7aeqvrx2";
            tree.AddFile(tree.AddFolder(apps, name, PackageSecurity.Application(name)), "folder/file", 1);
        }

        var plan = VolumePlan.Create(tree, VolumeFile.Options);
        Assert.Equal(parts, plan.Security.PartCount);
        Assert.Equal(3 + (3 * families), plan.Security.Entries.Count);
        var volume = _folder.PathOf("volume.img");
        VolumeFile.Write(volume, plan, families, _ => [1]);
        await VolumeJudges.RequireSoundAsync(volume);
        await RequireAuditedAsync(volume);
        using (var file = File.OpenRead(volume))
        {
            Assert.DoesNotContain(ImageChecker.Check(file).Findings, finding => finding.Id is not "boot-sector");
        }

        await using var mounted = await MountedVolume.MountAsync(volume, _folder.PathOf("mount"));
        for (var family = 0; family < families; family += Math.Max(1, families / 50))
        {
            var name = $"Contoso.Package.Number{family}_j8tmt7aeqvrx2";
            Assert.Contains($"Contains \"{name}\"", MountedSecurity.Of(Path.Combine(mounted.Path, "apps", name, "folder", "file")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void MoreFamiliesThanTheLimit_AreRefused()
    {
        var catalog = new SecurityCatalog();
        var refusal = Assert.Throws<InvalidInputException>(() =>
        {
            for (var family = 0; family < VolumeLimits.MaximumSecurityDescriptors; family++)
            {
                catalog.Add(PackageSecurity.Application($"F{family}"));
            }
        });
        Assert.Equal(Defect.LimitExceeded, refusal.Defect);
        Assert.Equal(VolumeLimits.MaximumSecurityDescriptors, catalog.Entries.Count);
    }

    /// <summary>Fails the test unless ntfssecaudit finds stream and indexes of $Secure in agreement, and every file's id in them.</summary>
    private static async Task RequireAuditedAsync(string volume)
    {
        var said = await Judge.PassAsync("ntfssecaudit", "-a", volume);
        Assert.Contains("No errors were found", said, StringComparison.Ordinal);
    }

    private static string SidOf(string familyName)
    {
        var descriptor = new SecurityDescriptor(SecurityIdentifier.CapabilityOf(familyName), isProtected: false);
        return Sddl.Of(descriptor.ToBytes())["O:".Length..].Split("G:")[0];
    }

    private static byte[] MakeOfKind(string name, string property) => new PackageBuilder
    {
        Manifest = new PackageBuilder { Name = name, Version = "1.0.0.0", IsResource = true }.MakeManifest()
            .Replace("<ResourcePackage>true</ResourcePackage>", property, StringComparison.Ordinal),
    }.With("runtime.dll", "x").Build();
}
