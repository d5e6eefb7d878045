using System.Reflection;
using System.Text.RegularExpressions;
using AppAttach.Imaging;

namespace AppAttach.Contracts.Tests;

public sealed partial class ErrorCodesTests
{
    [Fact]
    public void EveryConstant_IsListedOnceWithItsKind()
    {
        var constants = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(constants.Order(StringComparer.Ordinal), ErrorCodes.All.Keys);
        Assert.All(ErrorCodes.All.Keys, code => Assert.Matches(KebabCase(), code));
    }

    [Fact]
    public void EveryDefectOfImaging_IsACode()
    {
        Assert.All(Enum.GetValues<Defect>(), defect => Assert.Contains(InvalidInputException.CodeOf(defect), ErrorCodes.All.Keys));
    }

    [Fact]
    public void EveryCode_IsExplainedToOperators_WithItsKind()
    {
        var page = File.ReadAllText(Repository.PathOf("src", "AppAttach.Contracts", "README.md"));
        var rows = page[page.IndexOf("## Codes", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var explained = rows
            .Select(row => row.Split('|'))
            .SelectMany(cells => CodeInRow().Matches(cells[1]).Select(code => (Code: code.Groups[1].Value, Kind: cells[2].Trim())))
            .ToDictionary(pair => pair.Code, pair => pair.Kind);

        Assert.Equal(ErrorCodes.All.Keys, explained.Keys.Order(StringComparer.Ordinal));
        Assert.All(ErrorCodes.All, pair => Assert.Equal(pair.Value.ToString(), explained[pair.Key].Replace("-", "", StringComparison.Ordinal), ignoreCase: true));
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex CodeInRow();
}
