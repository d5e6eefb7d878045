using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AppAttach.Fuzzing.Mutations;

/// <summary>
/// Edits XML as text, so that the result may be well-formed or not: elements missing, doubled or nested, values at the edges, floods, document types, entities, other
/// encodings.
/// </summary>
internal static partial class XmlMutator
{
    private const int LargeFlood = 4_000_000;

    private static readonly string[] Values =
    [
        "", "0", "1", "-1", "65535", "65536", "65537", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "1e9", "0x10", "٣", "+1", " 1", "true", "false", "1.2.3.4", "0.0.0.0", "65535.65535.65535.65535", "65536.0.0.0", "1.2.3", "1.2.3.4.5",
        "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "====", "con", "NUL.txt", "..\\..\\x", "../x", "a/b", "a\\b", "a\\\\b", "AppxBlockMap.xml", "AppxManifest.xml",
        "AppxSignature.p7x", "[Content_Types].xml", "CN=", "CN=\"", "CN=A+O=B", "CN=Contoso Test, O=Contoso Ltd, L=Redmond, S=Washington, C=US", "neutral", "x64", "X64",
        "Windows.Desktop", "Windows.Universal", "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512", "http://www.w3.org/2000/09/xmldsig#sha1",
        "http://schemas.microsoft.com/appx/manifest/foundation/windows10", "http://schemas.microsoft.com/appx/2010/manifest", "http://schemas.microsoft.com/appx/2010/blockmap",
        "&#0;", "&#xD800;", "&#x10FFFF;", "&#x110000;", "&none;", "&lt;", "\u0130", "\uFFFD", "\uD83D\uDE00", "İı", "~", "-", ".", "a.", "a.xn--b",
    ];

    private static readonly string[] DocumentTypes =
    [
        "<!DOCTYPE x>", "<!DOCTYPE x [<!ENTITY e \"e\">]>", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY e \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>",
    ];

    /// <summary>Makes one to three edits.</summary>
    /// <param name="document">The document; taken as UTF-8.</param>
    /// <param name="random">Where and what.</param>
    /// <returns>The changed document.</returns>
    public static byte[] Mutate(byte[] document, Random random)
    {
        var text = Encoding.UTF8.GetString(document);
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            text = Edit(text, random);
        }

        return Encode(text, random);
    }

    private static string Edit(string text, Random random) => random.Next(18) switch
    {
        0 => ReplaceMatch(text, Tag(), random, _ => ""),
        1 => ReplaceMatch(text, Tag(), random, tag => tag + tag),
        2 => ReplaceMatch(text, Element(), random, _ => ""),
        3 => ReplaceMatch(text, Element(), random, element => element + element),
        4 or 5 or 6 => ReplaceMatch(text, Value(), random, _ => $"=\"{Values[random.Next(Values.Length)]}\""),
        7 => ReplaceMatch(text, Number(), random, number => Bump(number, random)),
        8 => Insert(text, random, DocumentTypes[random.Next(DocumentTypes.Length)], atStart: true),
        9 => Nest(text, random),
        10 => ReplaceMatch(text, Value(), random, _ => $"=\"{new string('a', FloodLength(random))}\""),
        11 => ReplaceMatch(text, Value(), random, value => value + Flood(random, index => $" a{index}=\"\"")),
        12 => ReplaceMatch(text, Element(), random, element => Flood(random, _ => element)),
        13 => ReplaceMatch(text, Text(), random, _ => $">{Flood(random, Piece(random))}<"),
        14 => Insert(text, random, Flood(random, Piece(random)), atStart: false),
        15 => ReplaceMatch(text, Name(), random, name => random.Next(2) == 0 ? name.ToUpperInvariant() : name + "x"),
        16 => ReplaceMatch(text, Attribute(), random, attribute => random.Next(2) == 0 ? "" : attribute + attribute),
        _ => ReplaceMatch(text, Character(), random, _ => ((char)random.Next(random.Next(2) == 0 ? 128 : 65536)).ToString()),
    };

    private static string ReplaceMatch(string text, Regex pattern, Random random, Func<string, string> replacement)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var match = pattern.Match(text, random.Next(text.Length));
        match = match.Success ? match : pattern.Match(text);
        return match.Success ? string.Concat(text.AsSpan(0, match.Index), replacement(match.Value), text.AsSpan(match.Index + match.Length)) : text;
    }

    private static string Insert(string text, Random random, string piece, bool atStart)
    {
        var declaration = text.IndexOf("?>", StringComparison.Ordinal);
        var from = atStart && random.Next(4) > 0 && declaration >= 0 ? declaration + 2 : random.Next(text.Length + 1);
        var at = atStart ? from : Math.Max(0, text.IndexOf('<', Math.Min(from, Math.Max(0, text.Length - 1))));
        var inserted = text.Insert(Math.Min(at, text.Length), piece);
        return atStart && random.Next(2) == 0 ? ReplaceMatch(inserted, Text(), random, _ => ">&e;<") : inserted;
    }

    private static string Nest(string text, Random random)
    {
        int[] depths = [1, 10, 61, 62, 63, 64, 65, 1_000, 20_000];
        var depth = depths[random.Next(depths.Length)];
        var open = random.Next(2) == 0 ? "<n>" : "<Properties>";
        var close = random.Next(3) == 0 ? "" : open.Replace("<", "</", StringComparison.Ordinal);
        var nested = new StringBuilder().Insert(0, open, depth).Insert(open.Length * depth, close, close.Length == 0 ? 0 : depth).ToString();
        return ReplaceMatch(text, Element(), random, element => element + nested);
    }

    private static string Bump(string number, Random random) =>
        decimal.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? (value + (random.Next(2) == 0 ? 1 : -1)).ToString(CultureInfo.InvariantCulture)
            : number;

    private static Func<int, string> Piece(Random random) => random.Next(6) switch
    {
        0 => _ => "a<!---->",
        1 => _ => "<![CDATA[a]]>",
        2 => _ => "a<?p?>",
        3 => _ => "&#97;",
        4 => index => $"<a{index}/>",
        _ => _ => " \t\r\n",
    };

    // Most floods are small, so that what follows is still read; a few are as large as matters.
    private static int FloodLength(Random random) => random.Next(32) == 0 ? random.Next(LargeFlood) : random.Next(1, 5_000);

    private static string Flood(Random random, Func<int, string> piece)
    {
        var flood = new StringBuilder();
        var length = FloodLength(random);
        for (var index = 0; flood.Length < length; index++)
        {
            flood.Append(piece(index));
        }

        return flood.ToString();
    }

    private static byte[] Encode(string text, Random random) => random.Next(40) switch
    {
        0 => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
        1 => Encoding.BigEndianUnicode.GetBytes(text),
        2 => Encoding.UTF32.GetBytes(text),
        3 => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        4 => Encoding.Latin1.GetBytes(text),
        5 => Encoding.UTF8.GetBytes(text.Replace("utf-8", "utf-7", StringComparison.OrdinalIgnoreCase)),
        6 => Encoding.UTF8.GetBytes(text.Replace("utf-8", "x-none", StringComparison.OrdinalIgnoreCase)),
        7 => [.. Encoding.UTF8.GetBytes(text), 0xC3, 0x28, 0xFF],
        _ => Encoding.UTF8.GetBytes(text),
    };

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<(\\w+:)?(?<name>\\w+)[^>]*(/>|>[^<]*</[^>]*>)")]
    private static partial Regex Element();

    [GeneratedRegex("=\\s*\"[^\"]*\"")]
    private static partial Regex Value();

    [GeneratedRegex("\\s[\\w:]+\\s*=\\s*\"[^\"]*\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("\\d+")]
    private static partial Regex Number();

    [GeneratedRegex(">[^<]*<")]
    private static partial Regex Text();

    [GeneratedRegex("(?<=<|</|\\s)\\w+")]
    private static partial Regex Name();

    [GeneratedRegex(".")]
    private static partial Regex Character();
}
