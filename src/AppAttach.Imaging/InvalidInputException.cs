using System.Text;

namespace AppAttach.Imaging;

/// <summary>
/// The one exception for bad input: the package or image is wrong, trying again will not help, and its sender must act.
/// Nothing else of this library's throws on input, however hostile; failures of the caller's own streams pass through.
/// </summary>
/// <param name="defect">What is wrong.</param>
/// <param name="message">A sentence: what failed, on what, the number and the limit, what to do.</param>
/// <param name="innerException">What was caught, if anything.</param>
public sealed class InvalidInputException(Defect defect, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What is wrong.</summary>
    public Defect Defect { get; } = defect;

    /// <summary>The stable code of <see cref="Defect"/>, such as <c>blockmap-mismatch</c>.</summary>
    public string Code => CodeOf(Defect);

    /// <summary>The stable code of a defect: its name in kebab case.</summary>
    /// <param name="defect">The defect.</param>
    /// <returns>The code, such as <c>not-a-package</c>.</returns>
    public static string CodeOf(Defect defect)
    {
        var code = new StringBuilder();
        foreach (var c in defect.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && code.Length > 0)
            {
                code.Append('-');
            }

            code.Append(char.ToLowerInvariant(c));
        }

        return code.ToString();
    }
}
