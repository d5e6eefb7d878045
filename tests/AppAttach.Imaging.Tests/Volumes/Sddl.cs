using System.Globalization;
using System.Text;

namespace AppAttach.Imaging.Tests.Volumes;

/// <summary>
/// Spells a self-relative security descriptor in SDDL ([MS-DTYP] 2.5.1), as Windows' own tools do: written for the tests from the
/// specification alone, so that what the product writes is read by somebody else. Fails on anything that it does not know.
/// </summary>
internal static class Sddl
{
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["S-1-5-18"] = "SY", ["S-1-5-19"] = "LS", ["S-1-5-20"] = "NS", ["S-1-5-12"] = "RC",
        ["S-1-5-32-544"] = "BA", ["S-1-5-32-545"] = "BU", ["S-1-15-2-1"] = "AC",
    };

    private static readonly Dictionary<uint, string> Masks = new()
    {
        [0x001F01FF] = "FA", [0x00120089] = "FR", [0x10000000] = "GA", [0xA0000000] = "GXGR",
    };

    /// <summary>The descriptor as text, such as <c>O:SYG:SYD:AI(A;ID;FA;;;SY)</c>.</summary>
    public static string Of(byte[] bytes)
    {
        var control = BitConverter.ToUInt16(bytes, 2);
        Assert.Equal(1, bytes[0]);
        Assert.Equal(0x8004, control & 0x8034);
        Assert.Equal(0, BitConverter.ToInt32(bytes, 12));
        var text = new StringBuilder();
        text.Append("O:").Append(Sid(bytes, BitConverter.ToInt32(bytes, 4), out _));
        text.Append("G:").Append(Sid(bytes, BitConverter.ToInt32(bytes, 8), out _));
        text.Append("D:").Append((control & 0x1000) != 0 ? "P" : "").Append((control & 0x0400) != 0 ? "AI" : "");
        var acl = BitConverter.ToInt32(bytes, 16);
        Assert.Equal(2, bytes[acl]);
        var at = acl + 8;
        for (var entry = 0; entry < BitConverter.ToUInt16(bytes, acl + 4); entry++)
        {
            text.Append(Ace(bytes, at));
            at += BitConverter.ToUInt16(bytes, at + 2);
        }

        Assert.Equal(acl + BitConverter.ToUInt16(bytes, acl + 2), at);
        return text.ToString();
    }

    private static string Ace(byte[] bytes, int at)
    {
        var flags = string.Concat(
            new[] { (1, "OI"), (2, "CI"), (8, "IO"), (0x10, "ID") }.Where(flag => (bytes[at + 1] & flag.Item1) != 0).Select(flag => flag.Item2));
        var mask = BitConverter.ToUInt32(bytes, at + 4);
        var rights = Masks.GetValueOrDefault(mask) ?? "0x" + mask.ToString("x", CultureInfo.InvariantCulture);
        var who = Sid(bytes, at + 8, out var length);
        var end = at + BitConverter.ToUInt16(bytes, at + 2);
        return bytes[at] switch
        {
            0 when at + 8 + length == end => $"(A;{flags};{rights};;;{who})",
            9 => $"(XA;{flags};{rights};;;{who};{Condition(bytes.AsSpan((at + 8 + length)..end))})",
            _ => throw new InvalidOperationException($"An entry has type {bytes[at]} and {end - at} bytes."),
        };
    }

    private static string Condition(ReadOnlySpan<byte> code)
    {
        Assert.True(code.StartsWith("artx"u8));
        Assert.Equal(0, code.Length % 4);
        code = code[4..];
        var operands = new Stack<string>();
        while (code.Length > 0 && code[0] != 0)
        {
            var token = code[0];
            code = code[1..];
            if (token is 0x10 or 0xF8)
            {
                var length = BitConverter.ToInt32(code);
                var value = Encoding.Unicode.GetString(code.Slice(4, length));
                operands.Push(token == 0x10 ? $"\"{value}\"" : value);
                code = code[(4 + length)..];
            }
            else if (token == 0x87)
            {
                operands.Push($"(Exists {operands.Pop()})");
            }
            else
            {
                Assert.Equal(0x86, token);
                var right = operands.Pop();
                operands.Push($"({operands.Pop()} Contains {right})");
            }
        }

        Assert.False(code.ContainsAnyExcept((byte)0));
        return Assert.Single(operands);
    }

    private static string Sid(byte[] bytes, int at, out int length)
    {
        Assert.Equal(1, bytes[at]);
        Assert.Equal(0, BitConverter.ToInt32(bytes, at + 2));
        length = 8 + (bytes[at + 1] * 4);
        var text = new StringBuilder("S-1-").Append(bytes[at + 7]);
        for (var part = at + 8; part < at + length; part += 4)
        {
            text.Append('-').Append(BitConverter.ToUInt32(bytes, part));
        }

        return Aliases.GetValueOrDefault(text.ToString()) ?? text.ToString();
    }
}
