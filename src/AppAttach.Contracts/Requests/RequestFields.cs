using System.Globalization;
using System.Text.Json;

namespace AppAttach.Contracts;

/// <summary>Reads the members of one JSON object and keeps everything that is wrong, so that its sender hears it all at once.</summary>
/// <param name="element">The object.</param>
/// <param name="path">Where it is in the message, such as <c>data.gate</c>.</param>
/// <param name="problems">Takes what is wrong, a sentence each.</param>
internal sealed class RequestFields(JsonElement element, string path, List<string> problems)
{
    private const int LongestText = 256;
    private const int LongestAddress = 2048;
    private const int DigestDigits = 64;
    private const int LongestList = 10_000;

    /// <summary>Notes something that is wrong.</summary>
    public void Add(string problem) => problems.Add($"{path}: {problem}");

    public string? Text(string name, bool isRequired = false)
    {
        if (!TryGet(name, out var value))
        {
            if (isRequired)
            {
                Add($"{name} is missing.");
            }

            return null;
        }

        return IsText(value, out var text) ? text : Bad<string>(name, $"must be a text of 1 to {LongestText} characters without control characters");
    }

    public string? Address(string name)
    {
        if (!TryGet(name, out var value))
        {
            Add($"{name} is missing.");
            return null;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= LongestAddress } text
            && Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
                ? text
                : Bad<string>(name, $"must be an absolute address of HTTPS or HTTP with at most {LongestAddress} characters");
    }

    public string? Digest(string name) => !TryGet(name, out var value)
        ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: DigestDigits } text && text.All(char.IsAsciiHexDigit)
            ? text
            : Bad<string>(name, $"must be a SHA-256 of {DigestDigits} hexadecimal digits");

    public IReadOnlyList<string> Texts(string name)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > LongestList || !value.EnumerateArray().All(item => IsText(item, out _)))
        {
            Add($"{name} must be a list of at most {LongestList} texts, each of 1 to {LongestText} characters.");
            return [];
        }

        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    public bool Flag(string name, bool otherwise) => !TryGet(name, out var value)
        ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Bad<bool>(name, "must be true or false");

    public double Number(string name, double otherwise, double least, double most) => !TryGet(name, out var value)
        ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : Bad<double>(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));

    public TimeSpan? Duration(string name, TimeSpan most) => !TryGet(name, out var value)
        ? null
        : value.ValueKind == JsonValueKind.String
            && TimeSpan.TryParseExact(value.GetString(), "c", CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero && duration <= most
            ? duration
            : Bad<TimeSpan?>(name, $"must be a length of time as [days.]hours:minutes:seconds, at most {most}");

    public TimeOnly Time(string name)
    {
        if (Text(name, isRequired: true) is not { } text)
        {
            return default;
        }

        return TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : Bad<TimeOnly>(name, "must be a time of day such as 22:30");
    }

    public TEnum Choice<TEnum>(string name, TEnum otherwise)
        where TEnum : struct, Enum
    {
        if (!TryGet(name, out var value))
        {
            return otherwise;
        }

        foreach (var choice in Enum.GetValues<TEnum>())
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() == KebabCaseName.Of(choice))
            {
                return choice;
            }
        }

        return Bad<TEnum>(name, "must be one of " + string.Join(", ", Enum.GetValues<TEnum>().Select(KebabCaseName.Of)));
    }

    public IReadOnlyList<TItem> Objects<TItem>(string name, int most, Func<RequestFields, TItem> read)
    {
        if (!TryGet(name, out var value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            Add($"{name} must be a list of at most {most} objects.");
            return [];
        }

        return [.. value.EnumerateArray().Select((item, index) => read(new RequestFields(item, $"{path}.{name}[{index}]", problems)))];
    }

    public TItem? Object<TItem>(string name, Func<RequestFields, TItem> read)
        where TItem : class => !TryGet(name, out var value)
            ? null
            : value.ValueKind == JsonValueKind.Object
                ? read(new RequestFields(value, $"{path}.{name}", problems))
                : Bad<TItem>(name, "must be an object");

    private static bool IsText(JsonElement value, out string text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Length is > 0 and <= LongestText && !text.Any(char.IsControl);
    }

    private bool TryGet(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    private TValue? Bad<TValue>(string name, string rule)
    {
        Add($"{name} {rule}.");
        return default;
    }
}
