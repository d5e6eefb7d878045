using System.Text;
using AppAttach.Contracts;
using AppAttach.Listener.Bus;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>Command bodies that nobody should send: each has an outcome, none breaks the listener, none mounts what was not asked for.</summary>
public class CommandFuzzTests
{
    private const int Bodies = 10_000;

    private static readonly string[] Values =
    [
        "null", "[]", "{}", "\"\"", "0", "-1", "1e400", "true", "[null]", "\"stage\"", "\"destage\"", "\"register\"", "\"9999-12-31T23:59:59+00:00\"", "\"0001-01-01T00:00:00Z\"",
        "\"/etc/passwd\"", "\"../../x\"", "\"\\\\\\\\?\\\\C:\\\\x\"", "\"\\u0000\"", "\"\\ud800\"", "9223372036854775807", "[\"anna\",null]", "\"Contoso.App_1.0.0.0_x64__8wekyb3d8bbwe\"",
    ];

    [Fact]
    public async Task FuzzedBodies_AllHaveAnOutcome_AndMountNothingElse()
    {
        using var host = new TestHost();
        var package = TestPackage.Make();
        var image = host.MakeImage(package);
        byte[][] seeds =
        [
            Message.Write(TestPackage.Command(CommandKind.Stage, package, image, "seed"), host.Clock.GetUtcNow()),
            Message.Write(TestPackage.Command(CommandKind.Register, package, null, "seed", "anna"), host.Clock.GetUtcNow()),
            Message.Write(TestPackage.Command(CommandKind.Destage, package, null, "seed"), host.Clock.GetUtcNow()),
        ];
        var random = new Random(20_260_131);
        var results = new Dictionary<OutcomeResult, int>();
        for (var i = 0; i < Bodies; i++)
        {
            var body = Mutate(seeds[random.Next(seeds.Length)], i, random);
            var (outcome, _) = await host.Handler.HandleAsync(new LockedMessage("m", body, new Uri("http://localhost/"), TimeSpan.FromSeconds(30)), CancellationToken.None);
            Assert.True(outcome.Code != ErrorCodes.Internal, $"Body {i}: {outcome.Message}: {Encoding.UTF8.GetString(body)}");
            results[outcome.Result] = results.GetValueOrDefault(outcome.Result) + 1;
            Assert.All(await host.Mounter.ListAsync(CancellationToken.None), mounted => Assert.Equal(image.Digest, mounted.Image.Digest));
        }

        // Mutations that are too harsh would only try the parser.
        Assert.True(results.GetValueOrDefault(OutcomeResult.Refused) > Bodies / 4 && results.GetValueOrDefault(OutcomeResult.Succeeded) > Bodies / 100, string.Join(", ", results));
    }

    private static byte[] Mutate(byte[] seed, int number, Random random)
    {
        // Another id each time: the ledger would answer a known one.
        var text = Encoding.UTF8.GetString(seed).Replace("\"seed\"", $"\"seed-{number}\"", StringComparison.Ordinal).Replace(TestPackage.Host, random.Next(20) == 0 ? "host-2" : TestPackage.Host, StringComparison.Ordinal);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            text = random.Next(3) == 0 ? text : ReplaceValue(text, random);
        }

        var body = Encoding.UTF8.GetBytes(text);
        if (random.Next(3) == 0)
        {
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            }
        }

        return random.Next(10) == 0 ? body[..random.Next(body.Length)] : body;
    }

    // The value of some member becomes another.
    private static string ReplaceValue(string text, Random random)
    {
        var members = Enumerable.Range(0, text.Length - 1).Where(i => text[i] == '"' && text[i + 1] == ':').ToList();
        if (members.Count == 0)
        {
            return text;
        }

        var start = members[random.Next(members.Count)] + 2;
        var end = start;
        for (var depth = 0; end < text.Length && (depth > 0 || text[end] is not (',' or '}')); end++)
        {
            depth += text[end] is '[' or '{' ? 1 : text[end] is ']' or '}' ? -1 : 0;
        }

        return text[..start] + Values[random.Next(Values.Length)] + text[end..];
    }
}
