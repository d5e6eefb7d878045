using System.Text;
using System.Text.Json.Nodes;
using Json.Schema;

namespace AppAttach.Contracts.Tests;

/// <summary>Requests, their schemas and their examples, each held against the others.</summary>
public sealed class RequestReaderTests
{
    private static readonly string Folder = Repository.PathOf("src", "AppAttach.Contracts", "Requests", "Schemas");

    public static TheoryData<RequestVerb> Verbs => [.. Enum.GetValues<RequestVerb>()];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Example_IsReadAndFitsItsSchema(RequestVerb verb)
    {
        var json = Read(verb, "example");

        var request = RequestReader.Read(Encoding.UTF8.GetBytes(json));

        Assert.Equal((verb, "7f3a", "/contoso/deploy"), (request.Verb, request.Id, request.RequestedBy));
        Assert.True(Fits(verb, json));
    }

    /// <summary>Each member of the example in turn is of a wrong type, or missing: schema and reader refuse the same.</summary>
    [Theory]
    [MemberData(nameof(Verbs))]
    public void ChangedExample_IsRefusedByBothOrByNeither(RequestVerb verb)
    {
        var names = ((JsonObject)JsonNode.Parse(Read(verb, "example"))!["data"]!).Select(member => member.Key).ToList();
        foreach (var name in names)
        {
            foreach (var change in (Action<JsonObject>[])[data => data[name] = 17, data => data.Remove(name), data => data[name] = ""])
            {
                var message = (JsonObject)JsonNode.Parse(Read(verb, "example"))!;
                change((JsonObject)message["data"]!);
                var json = message.ToJsonString();

                Assert.True(Fits(verb, json) == IsRead(json), json);
            }
        }
    }

    [Fact]
    public void EverythingThatIsWrong_IsNamedAtOnce()
    {
        const string Json = """
            {"specversion":"1.0","id":"1","source":"/x","type":"appattach.request.assign.v1","time":"2026-01-31T12:00:00Z","data":{
            "pool":5,"mode":"soon","rings":[{"percent":60},{"name":"b","percent":50}],"gate":{"maxFailedPercent":101,"soak":"long"},
            "windows":[{"timeZone":"Mars/Olympus","days":["noday"],"start":"25:00","end":"05:00"}]}}
            """;

        var message = Assert.Throws<MessageInvalidException>(() => RequestReader.Read(Encoding.UTF8.GetBytes(Json))).Message;

        Assert.All(
            (string[])["family is missing", "pool must", "mode must", "rings[0]: name is missing", "110 percent", "maxFailedPercent must", "soak must", "Mars/Olympus", "noday", "start must"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownVerb_IsRefused() => Assert.Throws<MessageInvalidException>(() => RequestReader.Read(
        Encoding.UTF8.GetBytes("""{"specversion":"1.0","id":"1","source":"/x","type":"appattach.request.explode.v1","time":"2026-01-31T12:00:00Z","data":{}}""")));

    private static string Read(RequestVerb verb, string kind) =>
        File.ReadAllText(Path.Combine(Folder, $"{MessageTypes.OfRequest(verb)[MessageTypes.RequestPrefix.Length..^3]}.{kind}.json"));

    private static bool Fits(RequestVerb verb, string json) =>
        JsonSchema.FromText(Read(verb, "schema")).Evaluate(JsonNode.Parse(json)).IsValid;

    private static bool IsRead(string json)
    {
        try
        {
            _ = RequestReader.Read(Encoding.UTF8.GetBytes(json));
            return true;
        }
        catch (MessageInvalidException)
        {
            return false;
        }
    }
}
