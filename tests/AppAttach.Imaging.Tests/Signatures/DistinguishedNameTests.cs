using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Imaging.Tests.Signatures;

public sealed class DistinguishedNameTests
{
    private static readonly X500DistinguishedName Contoso = Encode(name =>
    {
        name.AddCountryOrRegion("US");
        name.AddStateOrProvinceName("Washington");
        name.AddLocalityName("Redmond");
        name.AddOrganizationName("Contoso, \"The\" Ltd");
        name.AddCommonName("Contoso Test");
    });

    [Theory]
    [InlineData("CN=Contoso Test, O=\"Contoso, \"\"The\"\" Ltd\", L=Redmond, S=Washington, C=US")]
    [InlineData("CN=Contoso Test,O=\"Contoso, \"\"The\"\" Ltd\",L=Redmond,ST=Washington,C=US")]
    [InlineData("cn=Contoso Test; O=\"Contoso, \"\"The\"\" Ltd\" ; L = \"Redmond\"; OID.2.5.4.8=Washington; C=US")]
    public void SameNameInAnotherSpelling_Matches(string text) => Assert.True(DistinguishedName.Matches(text, Contoso));

    [Theory]
    [InlineData("CN=Contoso test, O=\"Contoso, \"\"The\"\" Ltd\", L=Redmond, S=Washington, C=US")]
    [InlineData("C=US, S=Washington, L=Redmond, O=\"Contoso, \"\"The\"\" Ltd\", CN=Contoso Test")]
    [InlineData("CN=Contoso Test, O=\"Contoso, \"\"The\"\" Ltd\", L=Redmond, S=Washington")]
    [InlineData("CN=Contoso Test, O=\"Contoso, \"\"The\"\" Ltd\", L=Redmond, S=Washington, C=US, C=US")]
    [InlineData("CN=Contoso Test, O=\"Contoso, \"\"The\"\" Ltd\", L=Redmond, OU=Washington, C=US")]
    [InlineData("CN=Contoso Test, O=Contoso, \"The\" Ltd, L=Redmond, S=Washington, C=US")]
    [InlineData("CN=Contoso Test, O=\"Contoso, \"\"The\"\" Ltd, L=Redmond, S=Washington, C=US")]
    [InlineData("CN=Contoso Test, X=y")]
    [InlineData("Contoso Test")]
    [InlineData("")]
    public void OtherName_DoesNotMatch(string text) => Assert.False(DistinguishedName.Matches(text, Contoso));

    [Fact]
    public void ExtendedValidationName_Matches()
    {
        var encoded = Encode(name =>
        {
            name.Add("1.3.6.1.4.1.311.60.2.1.3", "US");
            name.Add("2.5.4.15", "Private Organization");
            name.Add("2.5.4.5", "600413485");
            name.AddOrganizationName("Größe & Söhne");
            name.AddCommonName("Größe & Söhne");
        });

        Assert.True(DistinguishedName.Matches(
            "CN=Größe & Söhne, O=Größe & Söhne, SERIALNUMBER=600413485, OID.2.5.4.15=Private Organization, OID.1.3.6.1.4.1.311.60.2.1.3=US", encoded));
    }

    [Fact]
    public void PartOfTwoAttributes_MatchesInAnyOrder()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WritePart(writer, ("2.5.4.6", "US"));
            WritePart(writer, ("2.5.4.3", "a"), ("2.5.4.11", "b"));
        }

        var encoded = new X500DistinguishedName(writer.Encode());

        Assert.True(DistinguishedName.Matches("CN=a + OU=b, C=US", encoded));
        Assert.True(DistinguishedName.Matches("OU=b+CN=a, C=US", encoded));
        Assert.False(DistinguishedName.Matches("CN=a, OU=b, C=US", encoded));
    }

    private static void WritePart(AsnWriter writer, params (string Identifier, string Value)[] attributes)
    {
        using (writer.PushSetOf())
        {
            foreach (var (identifier, value) in attributes)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(identifier);
                    writer.WriteCharacterString(UniversalTagNumber.PrintableString, value);
                }
            }
        }
    }

    // First added, first encoded: the most general part.
    private static X500DistinguishedName Encode(Action<NameParts> add)
    {
        var parts = new NameParts();
        add(parts);
        return parts.Build();
    }

    /// <summary>Names with the part added first as the most general; the framework's builder reverses what it is given.</summary>
    private sealed class NameParts
    {
        private readonly List<Action<X500DistinguishedNameBuilder>> parts = [];

        public void AddCountryOrRegion(string value) => parts.Add(builder => builder.AddCountryOrRegion(value));

        public void AddStateOrProvinceName(string value) => parts.Add(builder => builder.AddStateOrProvinceName(value));

        public void AddLocalityName(string value) => parts.Add(builder => builder.AddLocalityName(value));

        public void AddOrganizationName(string value) => parts.Add(builder => builder.AddOrganizationName(value));

        public void AddCommonName(string value) => parts.Add(builder => builder.AddCommonName(value));

        public void Add(string identifier, string value) => parts.Add(builder => builder.Add(identifier, value));

        public X500DistinguishedName Build()
        {
            var builder = new X500DistinguishedNameBuilder();
            foreach (var part in parts.AsEnumerable().Reverse())
            {
                part(builder);
            }

            return builder.Build();
        }
    }
}
