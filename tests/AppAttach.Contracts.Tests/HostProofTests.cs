using System.Security.Cryptography;

namespace AppAttach.Contracts.Tests;

public sealed class HostProofTests
{
    private static readonly byte[] Body = [1, 2, 3];

    [Fact]
    public void Signature_ShowsTheSameKeyForEveryMessage()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (one, two) = (HostProof.Sign(key, Body), HostProof.Sign(key, [4]));

        Assert.Matches("^[0-9a-f]{64}$", one.Verify(Body));
        Assert.Equal(one.Verify(Body), two.Verify([4]));
        Assert.Equal(one, HostProof.Find(new Dictionary<string, object> { ["host-key"] = one.Key, ["host-signature"] = one.Signature }));
    }

    [Fact]
    public void WhateverElse_IsNoSignature()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var proof = HostProof.Sign(key, Body);

        Assert.Null(proof.Verify([1, 2, 4]));
        Assert.Null((proof with { Key = HostProof.Sign(other, Body).Key }).Verify(Body));
        Assert.Null((proof with { Key = "no Base64" }).Verify(Body));
        Assert.Null((proof with { Key = "AAAA" }).Verify(Body));
        Assert.Null((proof with { Key = Convert.ToBase64String([.. Convert.FromBase64String(proof.Key), 0]) }).Verify(Body));
        Assert.Null((proof with { Signature = "" }).Verify(Body));
        Assert.Null((proof with { Signature = new string('A', 1_000_000) }).Verify(Body));
        Assert.Null(HostProof.Sign(larger, Body).Verify(Body));
        Assert.Null(HostProof.Find(new Dictionary<string, object> { ["host-key"] = proof.Key, ["host-signature"] = 7L }));
    }
}
