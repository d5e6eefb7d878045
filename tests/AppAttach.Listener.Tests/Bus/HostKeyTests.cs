using AppAttach.Listener.Bus;

namespace AppAttach.Listener.Tests.Bus;

public sealed class HostKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Key_StaysTheHostsOwn()
    {
        var first = SignerOf("Host-1");

        Assert.Equal(first, SignerOf("host-1"));
        Assert.NotEqual(first, SignerOf("host-2"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void DamagedKey_IsReplaced(int bytes)
    {
        var first = SignerOf("host-1");
        File.WriteAllBytes(_folder.PathOf("host-1.host-key"), new byte[bytes]);

        var second = SignerOf("host-1");

        Assert.NotEqual(first, second);
        Assert.Equal(second, SignerOf("host-1"));
    }

    [Fact]
    public void Key_IsItsOwnersOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("On Windows the folder's rules say who may read it.");
            return;
        }

        SignerOf("host-1");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.PathOf("host-1.host-key")));
    }

    private string? SignerOf(string host)
    {
        using var key = HostKey.Open(_folder.Path, host);
        return key.Sign("body"u8).Verify("body"u8) ?? throw new InvalidOperationException("The signature is none.");
    }
}
