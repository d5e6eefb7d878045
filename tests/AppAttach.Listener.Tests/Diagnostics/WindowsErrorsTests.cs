using AppAttach.Listener.Diagnostics;

namespace AppAttach.Listener.Tests.Diagnostics;

public class WindowsErrorsTests
{
    [Theory]
    [InlineData(0x80070005, "computer's account")]
    [InlineData(0x80073CF3, "framework")]
    [InlineData(0x80073CF9, "Staging failed")]
    [InlineData(0x80073D02, "in use")]
    [InlineData(0x80070020, "open")]
    [InlineData(0x80070490, "repair")]
    public void CommonResult_IsInWordsWithItsNumberAndAStep(uint hResult, string words)
    {
        var text = WindowsErrors.Explain(unchecked((int)hResult));
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains($"0x{hResult:X8}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryKnownResult_HasSentences() =>
        Assert.All(WindowsErrors.All.Values, error => Assert.True(error.Words.EndsWith('.') && error.NextStep.EndsWith('.') && error.HResult < 0, $"{error.HResult:X8}"));

    [Fact]
    public void UnknownResult_IsNamed() => Assert.Contains("0x8ABCDEF0", WindowsErrors.Explain(unchecked((int)0x8ABCDEF0)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(5u, 0x80070005)]
    [InlineData(0xC03A001Au, 0xC03A001A)]
    public void SystemErrorCode_BecomesItsHResult(uint code, uint hResult) => Assert.Equal(unchecked((int)hResult), WindowsErrors.FromWin32(code));
}
