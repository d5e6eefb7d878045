using System.Text.Json;
using System.Text.Json.Serialization;

namespace AppAttach.Contracts;

/// <summary>Writes an enumeration's value as its name in kebab case and reads nothing else.</summary>
/// <typeparam name="TEnum">The enumeration.</typeparam>
public sealed class KebabCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
