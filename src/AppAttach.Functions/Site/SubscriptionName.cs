using System.Text.RegularExpressions;
using AppAttach.Contracts;

namespace AppAttach.Functions.Site;

/// <summary>A host's subscription.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Name">Its name in the topic.</param>
internal sealed partial record SubscriptionName(string Topic, string Name)
{
    /// <summary>Reads <c>TOPIC/Subscriptions/NAME</c>.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The name; null: it is none of a command topic.</returns>
    public static SubscriptionName? Parse(string path) =>
        Form().Match(path) is { Success: true, Groups: var groups } ? new SubscriptionName(groups["topic"].Value, groups["name"].Value) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Topic}/Subscriptions/{Name}";

    [GeneratedRegex("^(?<topic>" + BusEntities.HostCommandsPrefix + "[0-9]{1,4})/subscriptions/(?<name>[^/]{1,50})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
