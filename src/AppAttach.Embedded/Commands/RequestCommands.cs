using System.CommandLine;
using System.Text.Json.Nodes;
using AppAttach.Contracts;

namespace AppAttach.Embedded.Commands;

/// <summary>Commands that ask a running host for one thing.</summary>
internal static class RequestCommands
{
    /// <summary><c>FAMILY</c>.</summary>
    public static Argument<string> Family() => new("FAMILY") { Description = "Package family name; * for every family." };

    /// <summary><c>POOL</c>.</summary>
    public static Argument<string> Pool() => new("POOL") { Description = "The pool." };

    /// <summary><c>publish ADDRESS</c>.</summary>
    public static Command CreatePublish() => Create(
        "publish",
        "Has a package fetched from an address below one of the host's sources, and published.",
        RequestVerb.Publish,
        [("source", new Argument<string>("ADDRESS") { Description = "Where the package is, such as https://packages.contoso.example/msix/App.msix." })],
        [
            ("name", new Option<string>("--name") { Description = "Its file name in the inbox; default the last part of the address." }),
            ("digest", new Option<string>("--digest") { Description = "SHA-256 that it must have." }),
        ]);

    /// <summary><c>rollout PACKAGE POOL</c>.</summary>
    public static Command CreateRollout() => Create(
        "rollout", "Brings a release to a pool, ring by ring.", RequestVerb.StartRollout, ("package", Package()), ("pool", Pool()));

    /// <summary><c>rollback FAMILY POOL</c>.</summary>
    public static Command CreateRollback() => OfFamilyAndPool(
        "rollback", "Takes back the rollout that is under way; without one, goes back to the release before the current one.", RequestVerb.RollBack);

    /// <summary><c>pause FAMILY POOL</c>.</summary>
    public static Command CreatePause() => OfFamilyAndPool("pause", "Lets a rollout begin no further phase.", RequestVerb.Pause);

    /// <summary><c>resume FAMILY POOL</c>.</summary>
    public static Command CreateResume() => OfFamilyAndPool("resume", "Lets a paused rollout go on.", RequestVerb.Resume);

    /// <summary><c>retire PACKAGE</c>.</summary>
    public static Command CreateRetire() => Create(
        "retire", "Takes a release from every host; its images go once nobody has them mounted.", RequestVerb.Retire, ("package", Package()));

    /// <summary>A command about a family in a pool.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="verb">What it asks for.</param>
    /// <returns>The command.</returns>
    public static Command OfFamilyAndPool(string name, string description, RequestVerb verb) =>
        Create(name, description, verb, ("family", Family()), ("pool", Pool()));

    private static Argument<string> Package() => new("PACKAGE") { Description = "Package full name of a release." };

    private static Command Create(string name, string description, RequestVerb verb, params (string Member, Argument<string> Argument)[] arguments) =>
        Create(name, description, verb, arguments, []);

    private static Command Create(
        string name, string description, RequestVerb verb, (string Member, Argument<string> Argument)[] arguments, (string Member, Option<string> Option)[] options)
    {
        var reason = new Option<string>("--reason") { Description = "Why, for the records." };
        var server = ApiClient.Server();
        var json = SharedOptions.Json();
        var command = new Command(name, description) { reason, server, json };
        foreach (var (_, argument) in arguments)
        {
            command.Add(argument);
        }

        foreach (var (_, option) in options)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            var content = new JsonObject();
            foreach (var (member, argument) in arguments)
            {
                content[member] = parsed.GetRequiredValue(argument);
            }

            foreach (var (member, option) in options.Where(each => parsed.GetValue(each.Option) is not null))
            {
                content[member] = parsed.GetValue(option);
            }

            content["reason"] = parsed.GetValue(reason);
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            return await client.AskAsync(verb, content, parsed.GetValue(json), cancellationToken);
        }));
        return command;
    }
}
