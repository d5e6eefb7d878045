namespace AppAttach.Imaging.Tests.Volumes;

/// <summary>What programs of others say of a volume in a file.</summary>
internal static class VolumeJudges
{
    /// <summary>Fails the test unless ntfsfix finds nothing to mend and ntfsinfo can read every system file.</summary>
    public static async Task RequireSoundAsync(string volume)
    {
        var mended = await Judge.PassAsync("ntfsfix", "-n", volume);
        Assert.Contains("processed successfully", mended, StringComparison.Ordinal);
        foreach (var record in Enumerable.Range(0, 12).Append(24).Append(25).Append(26))
        {
            await Judge.PassAsync("ntfsinfo", "-i", $"{record}", volume);
        }

        var information = await Judge.PassAsync("ntfsinfo", "-m", volume);
        Assert.Contains("Volume Version: 3.1", information, StringComparison.Ordinal);
    }
}
