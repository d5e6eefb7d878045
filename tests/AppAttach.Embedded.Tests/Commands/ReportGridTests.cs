using AppAttach.Embedded.Commands;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;
using Spectre.Console;

namespace AppAttach.Embedded.Tests.Commands;

public sealed class ReportGridTests
{
    private static readonly DateTimeOffset Time = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Signature_IsShownWithItsTimestamp_IfOneWasReliedOn(bool hasTimestamp)
    {
        var grid = new ReportGrid();
        grid.Add(new SignatureReport("trusted", SignatureMode.Trusted, true, true, true, false, hasTimestamp ? Time : null, ["CN=Contoso"], []));
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        grid.Write(console, [new PackageNote("some-note", true, "Look here.")]);

        Assert.Contains("CN=Contoso", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(hasTimestamp, text.ToString().Contains("2026-02-03 04:05:06Z", StringComparison.Ordinal));
        Assert.Contains("Warning: Look here.", text.ToString(), StringComparison.Ordinal);
    }
}
