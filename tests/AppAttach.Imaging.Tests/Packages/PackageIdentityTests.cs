using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Tests.Packages;

public sealed class PackageIdentityTests
{
    [Theory]
    [InlineData("CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US", "8wekyb3d8bbwe")]
    [InlineData("CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US", "cw5n1h2txyewy")]
    [InlineData("CN=Contoso Test, O=Contoso Ltd, L=Redmond, S=Washington, C=US", "j8tmt7aeqvrx2")]
    public void KnownPublisher_HasItsKnownId(string publisher, string expected) => Assert.Equal(expected, PublisherId.Of(publisher));

    [Fact]
    public void FullName_JoinsAllParts()
    {
        const string publisher = "CN=Contoso Test, O=Contoso Ltd, L=Redmond, S=Washington, C=US";
        var identity = new PackageIdentity("Contoso.Res", publisher, new(1, 2, 3, 4), "neutral", "split.scale-200");
        Assert.Equal("Contoso.Res_1.2.3.4_neutral_split.scale-200_j8tmt7aeqvrx2", identity.FullName);
        Assert.Equal("Contoso.Res_1.2.3.4_neutral__j8tmt7aeqvrx2", (identity with { ResourceId = "" }).FullName);
        Assert.Equal("Contoso.Res_j8tmt7aeqvrx2", identity.FamilyName);
    }
}
