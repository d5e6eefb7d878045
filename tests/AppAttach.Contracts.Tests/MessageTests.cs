using System.Text;
using System.Text.Json.Nodes;

namespace AppAttach.Contracts.Tests;

public sealed class MessageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Command_ReadBack_IsTheSame()
    {
        var command = new HostCommand
        {
            CommandId = "c1", Host = "host-1", Kind = CommandKind.Register, Deadline = Noon, Users = ["S-1-5-21-1"], RolloutId = "r1",
            Package = new PackageReference("A_1.0.0.0_x64__p", "A_p", "1.0.0.0", "x64"),
            Image = new ImageReference("/shares/a.vhdx", new string('0', 64), 1, "vhdx", "apps"),
        };

        var read = Message.ReadCommand(Message.Write(command, Noon));

        Assert.Equal(["S-1-5-21-1"], read.Users);
        Assert.Equal(command with { Users = read.Users }, read);
    }

    [Fact]
    public void EveryExampleOfThePage_IsReadAndWrittenBackTheSame()
    {
        var examples = File.ReadAllText(Repository.PathOf("src", "AppAttach.Contracts", "README.md")).Split("```json\n").Skip(1)
            .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]).ToList();

        Assert.Equal(4, examples.Count);
        foreach (var example in examples)
        {
            var body = Encoding.UTF8.GetBytes(example);
            var written = Message.ReadType(body) switch
            {
                MessageTypes.Command => Message.Write(Message.ReadCommand(body), Noon),
                MessageTypes.Outcome => Message.Write(Message.ReadOutcome(body)),
                MessageTypes.Hello => Message.Write(Message.ReadHello(body), "hello-host-1-17"),
                var type => Message.Write(Message.ReadEvent(body).Data, type, "publish-51c2-verdict", Noon),
            };

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(example), JsonNode.Parse(written)), Encoding.UTF8.GetString(written));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"appattach.host.outcome.v1","time":"2026-01-31T12:00:00Z","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"appattach.host.outcome.v1","time":"2026-01-31T12:00:00Z","data":null}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"appattach.host.hello.v1","time":"2026-01-31T12:00:00Z","data":{"commandId":"c","host":"h","kind":"stage","result":"succeeded","completedAt":"2026-01-31T12:00:00Z"}}""")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/s","type":"appattach.host.outcome.v1","time":"2026-01-31T12:00:00Z","data":{"commandId":"c","host":"h","kind":"stage","result":"succeeded","completedAt":"2026-01-31T12:00:00Z"}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"appattach.host.outcome.v1","time":"2026-01-31T12:00:00Z","data":{"commandId":"c","host":null,"kind":"stage","result":"succeeded","completedAt":"2026-01-31T12:00:00Z"}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"appattach.host.outcome.v1","time":"2026-01-31T12:00:00Z","data":{"commandId":"c","host":"h","kind":3,"result":"succeeded","completedAt":"2026-01-31T12:00:00Z"}}""")]
    public void AnythingElse_IsInvalid(string body)
    {
        Assert.Throws<MessageInvalidException>(() => Message.ReadOutcome(Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void UnknownMembers_AreIgnored()
    {
        const string Body = """{"specversion":"1.0","id":"1","source":"/s","type":"appattach.host.outcome.v1","time":"2026-01-31T12:00:00Z","future":1,"data":{"commandId":"c","host":"h","kind":"stage","result":"succeeded","completedAt":"2026-01-31T12:00:00Z","future":{"a":[1]}}}""";

        Assert.Equal("c", Message.ReadOutcome(Encoding.UTF8.GetBytes(Body)).CommandId);
    }
}
