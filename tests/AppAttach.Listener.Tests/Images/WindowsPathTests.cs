using AppAttach.Listener.Images;

namespace AppAttach.Listener.Tests.Images;

public class WindowsPathTests
{
    [Theory]
    [InlineData(@"\\files.contoso.example\apps\a.vhdx", @"\\files.contoso.example\apps\a.vhdx")]
    [InlineData(@"//server/share/x/y.vhdx", @"\\server\share\x\y.vhdx")]
    [InlineData(@"c:/apps/a.vhdx", @"C:\apps\a.vhdx")]
    [InlineData(@"C:\apps\", @"C:\apps")]
    [InlineData(@"C:\", @"C:\")]
    [InlineData(@"\\server\share", @"\\server\share")]
    [InlineData(@"C:\Program Files\Contoso.App_1.0.0.0_x64__8wekyb3d8bbwe.vhdx", @"C:\Program Files\Contoso.App_1.0.0.0_x64__8wekyb3d8bbwe.vhdx")]
    [InlineData(@"C:\console\com10\nulls\a", @"C:\console\com10\nulls\a")]
    public void PlainPath_HasOneForm(string path, string expected) => Assert.Equal(expected, WindowsPath.Normalize(path));

    [Theory]
    [InlineData("")]
    [InlineData("a.vhdx")]
    [InlineData(@"C:a.vhdx")]
    [InlineData(@"\apps\a.vhdx")]
    [InlineData(@"C:\apps\..\a.vhdx")]
    [InlineData(@"C:\apps\.\a.vhdx")]
    [InlineData(@"C:\apps\\a.vhdx")]
    [InlineData(@"C:\apps\...\a.vhdx")]
    [InlineData(@"C:\apps. \a.vhdx")]
    [InlineData(@"C:\apps\a.vhdx:stream")]
    [InlineData(@"C:\apps\a.vhdx::$DATA")]
    [InlineData(@"C:\apps\a?.vhdx")]
    [InlineData("C:\\apps\\a\0.vhdx")]
    [InlineData(@"\\?\C:\apps\a.vhdx")]
    [InlineData(@"\\.\PhysicalDrive0")]
    [InlineData(@"//?/UNC/server/share/a")]
    [InlineData(@"\??\C:\apps\a.vhdx")]
    [InlineData(@"\\server")]
    [InlineData(@"\\server\")]
    [InlineData(@"\\server\..\a")]
    [InlineData(@"\\server@SSL\share\a")]
    [InlineData(@"\\[::1]\share\a")]
    [InlineData(@"\\\server\share\a")]
    [InlineData(@"C:\apps\CON")]
    [InlineData(@"C:\apps\con.vhdx")]
    [InlineData(@"C:\apps\nul .vhdx")]
    [InlineData(@"C:\LPT1\a.vhdx")]
    [InlineData(@"C:\com¹\a.vhdx")]
    public void PathThatCouldMeanAnotherFile_IsRefused(string path) => Assert.Null(WindowsPath.Normalize(path));

    [Theory]
    [InlineData(@"\\server\apps\a.vhdx", @"\\SERVER\Apps", true)]
    [InlineData(@"\\server\apps-2\a.vhdx", @"\\server\apps", false)]
    [InlineData(@"\\server\apps", @"\\server\apps", false)]
    [InlineData(@"C:\a.vhdx", @"C:\", true)]
    [InlineData(@"D:\a.vhdx", @"C:\", false)]
    public void IsBelow_MeansWholeNames(string path, string folder, bool expected) => Assert.Equal(expected, WindowsPath.IsBelow(path, folder));
}
