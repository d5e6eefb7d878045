using System.Text.Json;

namespace AppAttach.Contracts;

/// <summary>The name that a value of an enumeration has in messages, documents and addresses; <see cref="KebabCaseEnumConverter{TEnum}"/> writes the same.</summary>
public static class KebabCaseName
{
    /// <summary>The name.</summary>
    /// <typeparam name="TEnum">The enumeration.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Its name in kebab case, such as <c>roll-back</c>.</returns>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
