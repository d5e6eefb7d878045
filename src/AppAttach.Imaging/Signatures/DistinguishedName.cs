using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// Distinguished names, compared by their decoded parts: a manifest writes them as text, most specific part first, a certificate holds them
/// encoded, most general part first. Names of attributes as a manifest's schema allows them (<c>ST_Publisher_2010_v2</c> of the foundation
/// types), and their other usual spellings.
/// </summary>
internal static class DistinguishedName
{
    private const int MostParts = 100;

    private static readonly Dictionary<string, string> Identifiers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = "2.5.4.3",
        ["SN"] = "2.5.4.4",
        ["SERIALNUMBER"] = "2.5.4.5",
        ["C"] = "2.5.4.6",
        ["L"] = "2.5.4.7",
        ["S"] = "2.5.4.8",
        ["ST"] = "2.5.4.8",
        ["STREET"] = "2.5.4.9",
        ["O"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["T"] = "2.5.4.12",
        ["TITLE"] = "2.5.4.12",
        ["DESCRIPTION"] = "2.5.4.13",
        ["POSTALCODE"] = "2.5.4.17",
        ["POBOX"] = "2.5.4.18",
        ["PHONE"] = "2.5.4.20",
        ["X21ADDRESS"] = "2.5.4.24",
        ["G"] = "2.5.4.42",
        ["GN"] = "2.5.4.42",
        ["I"] = "2.5.4.43",
        ["DNQUALIFIER"] = "2.5.4.46",
        ["DC"] = "0.9.2342.19200300.100.1.25",
        ["E"] = "1.2.840.113549.1.9.1",
        ["EMAIL"] = "1.2.840.113549.1.9.1",
    };

    /// <summary>Whether two texts name the same; a text that is no distinguished name names nothing.</summary>
    public static bool Matches(string one, string other) =>
        TryParse(one) is { } left && TryParse(other) is { } right && left.Count == right.Count
        && left.Zip(right).All(pair => pair.First.SequenceEqual(pair.Second));

    /// <summary>Whether a text names the same as an encoded name.</summary>
    /// <exception cref="AsnContentException">The encoded name is malformed.</exception>
    public static bool Matches(string text, X500DistinguishedName encoded)
    {
        var left = TryParse(text);
        var right = Decode(encoded.RawData);
        right.Reverse();
        return left is not null && left.Count == right.Count && left.Zip(right).All(pair => pair.First.SequenceEqual(pair.Second));
    }

    /// <summary>A certificate's subject, fit for a message.</summary>
    public static string Describe(X509Certificate2 certificate) => Invalid.Quote(certificate.Subject);

    /// <summary>Parses a text.</summary>
    /// <returns>Its parts, each the identifiers and values it is made of, or null if it is not a distinguished name.</returns>
    internal static List<List<(string Identifier, string Value)>>? TryParse(string text)
    {
        var parts = new List<List<(string, string)>>();
        var position = 0;
        var separator = ',';
        while (true)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0 || FindIdentifier(text[position..equals].Trim()) is not { } identifier)
            {
                return null;
            }

            position = equals + 1;
            if (TryReadValue(text, ref position) is not { } value || parts.Count == MostParts)
            {
                return null;
            }

            if (separator != '+')
            {
                parts.Add([]);
            }

            parts[^1].Add((identifier, value));
            if (position == text.Length)
            {
                parts.ForEach(part => part.Sort());
                return parts;
            }

            separator = text[position++];
        }
    }

    // A value ends at a separator outside quotes; a quote inside quotes is doubled.
    private static string? TryReadValue(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        if (position == text.Length || text[position] != '"')
        {
            var end = text.AsSpan(position).IndexOfAny(",;+");
            end = end < 0 ? text.Length : position + end;
            var plain = text[position..end].TrimEnd(' ');
            position = end;
            return plain.Contains('"', StringComparison.Ordinal) ? null : plain;
        }

        var value = new StringBuilder();
        for (position++; position < text.Length; position++)
        {
            if (text[position] != '"')
            {
                value.Append(text[position]);
            }
            else if (position + 1 < text.Length && text[position + 1] == '"')
            {
                value.Append(text[position++]);
            }
            else
            {
                position++;
                while (position < text.Length && text[position] == ' ')
                {
                    position++;
                }

                return position == text.Length || text[position] is ',' or ';' or '+' ? value.ToString() : null;
            }
        }

        return null;
    }

    private static string? FindIdentifier(string name) =>
        Identifiers.TryGetValue(name, out var identifier) ? identifier
        : name.StartsWith("OID.", StringComparison.OrdinalIgnoreCase) ? name[4..]
        : null;

    // RFC 5280 4.1.2.4: SEQUENCE OF SET OF SEQUENCE { type OID, value string }.
    private static List<List<(string Identifier, string Value)>> Decode(byte[] encoded)
    {
        var parts = new List<List<(string, string)>>();
        var names = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
        while (names.HasData && parts.Count <= MostParts)
        {
            var part = new List<(string, string)>();
            var attributes = names.ReadSetOf(skipSortOrderValidation: true);
            while (attributes.HasData)
            {
                var attribute = attributes.ReadSequence();
                part.Add((attribute.ReadObjectIdentifier(), ReadString(attribute)));
            }

            part.Sort();
            parts.Add(part);
        }

        return parts;
    }

    private static string ReadString(AsnReader reader)
    {
        var tag = reader.PeekTag();
        return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.NumericString or
            UniversalTagNumber.PrintableString or UniversalTagNumber.T61String or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString or
            UniversalTagNumber.BMPString
            ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue)
            : Convert.ToHexString(reader.ReadEncodedValue().Span);
    }
}
