using System.Collections.Concurrent;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using AppAttach.Embedded.Bus;
using Microsoft.AspNetCore.Http;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// The management API of a namespace, as far as it is about subscriptions and their rules: Atom entries, 401, 404 and 409
/// (learn.microsoft.com/rest/api/servicebus, "Create subscription" and "Create rule").
/// </summary>
/// <param name="broker">Holds the topics and gets the subscriptions.</param>
internal sealed class ManagementApi(BusBroker broker)
{
    /// <summary>Entries that a list gives at most, whatever it is asked for.</summary>
    private const int LongestPage = 100;

    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Service = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly ConcurrentDictionary<string, Subscription> _subscriptions = new(StringComparer.OrdinalIgnoreCase);
    private int _calls;
    private int _busyCalls;

    /// <summary>Calls that were made.</summary>
    public int Calls => _calls;

    /// <summary>How many of the next calls are refused with 503.</summary>
    public int BusyCalls
    {
        get => _busyCalls;
        set => _busyCalls = value;
    }

    /// <summary>What was asked for when a subscription was made.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="name">Its name.</param>
    /// <returns>Its description in XML; null: there is none.</returns>
    public XElement? Find(string topic, string name) => _subscriptions.GetValueOrDefault(BusPath.OfSubscription(topic, name))?.Description;

    /// <summary>A subscription's rules.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The names of its rules and the filters; empty: there is no such subscription.</returns>
    public IReadOnlyDictionary<string, BusFilter> RulesOf(string topic, string name) =>
        _subscriptions.GetValueOrDefault(BusPath.OfSubscription(topic, name))?.Rules ?? [];

    /// <summary>Makes a subscription as the portal does, with the rule that lets everything through.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="name">Its name.</param>
    /// <returns>A task that completes when it is there.</returns>
    public Task MakeOpenAsync(string topic, string name) => MakeAsync(topic, name, new XElement(Service + "SubscriptionDescription"));

    /// <summary>Answers a request.</summary>
    /// <param name="context">It.</param>
    /// <returns>A task that completes when it is answered.</returns>
    public async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        if (SharedKey.Check(context.Request.Headers.Authorization) is null)
        {
            await RefuseAsync(context, 401, "The token is not valid.");
        }
        else if (Interlocked.Decrement(ref _busyCalls) >= 0)
        {
            context.Response.Headers.RetryAfter = "0";
            await RefuseAsync(context, 503, "The service is busy.");
        }
        else
        {
            await AnswerAsync(context, context.Request.Path.Value!.Trim('/').Split('/'));
        }
    }

    private Task AnswerAsync(HttpContext context, string[] path) => (context.Request.Method, path) switch
    {
        ("GET", [var topic, "Subscriptions" or "subscriptions"]) => ListAsync(context, topic),
        ("PUT", [var topic, "Subscriptions" or "subscriptions", var name]) => CreateAsync(context, topic, name),
        ("DELETE", [var topic, "Subscriptions" or "subscriptions", var name]) => DeleteAsync(context, topic, name),
        (var method, [var topic, "Subscriptions" or "subscriptions", var name, "rules" or "Rules", var rule]) =>
            _subscriptions.TryGetValue(BusPath.OfSubscription(topic, name), out var subscription)
                ? AnswerOnRuleAsync(context, method, subscription, topic, name, rule)
                : RefuseAsync(context, 404, $"There is no subscription {name}."),
        _ => RefuseAsync(context, 400, "Subscriptions and their rules can be managed, nothing else."),
    };

    private async Task CreateAsync(HttpContext context, string topic, string name)
    {
        var description = (await ReadAsync(context)).Descendants(Service + "SubscriptionDescription").Single();
        try
        {
            if (await MakeAsync(topic, name, description))
            {
                await AnswerAsync(context, 201, Entry(name, description));
            }
            else
            {
                await RefuseAsync(context, 409, $"SubCode=40900. The messaging entity {topic}/{name} is there.");
            }
        }
        catch (BusException e)
        {
            await RefuseAsync(context, 404, e.Message);
        }
    }

    private async Task<bool> MakeAsync(string topic, string name, XElement description)
    {
        var rule = description.Element(Service + "DefaultRuleDescription");
        var subscription = new Subscription(description);
        subscription.Rules[rule?.Element(Service + "Name")?.Value ?? "$Default"] = FilterOf(rule);
        var path = BusPath.OfSubscription(topic, name);
        if (_subscriptions.ContainsKey(path))
        {
            return false;
        }

        await ApplyAsync(topic, name, subscription);
        return _subscriptions.TryAdd(path, subscription);
    }

    private async Task DeleteAsync(HttpContext context, string topic, string name)
    {
        _subscriptions.TryRemove(BusPath.OfSubscription(topic, name), out _);
        if (!await broker.DeleteSubscriptionAsync(topic, name))
        {
            await RefuseAsync(context, 404, $"There is no subscription {name}.");
        }
    }

    private async Task AnswerOnRuleAsync(HttpContext context, string method, Subscription subscription, string topic, string name, string rule)
    {
        switch (method)
        {
            case "GET" when subscription.Rules.ContainsKey(rule):
                await AnswerAsync(context, 200, Entry(rule, new XElement(
                    Service + "RuleDescription",
                    new XElement(Service + "Filter", new XAttribute(Instance + "type", "TrueFilter"), new XElement(Service + "SqlExpression", "1=1")),
                    new XElement(Service + "Name", rule))));
                break;
            case "PUT" when subscription.Rules.TryAdd(rule, FilterOf((await ReadAsync(context)).Descendants(Service + "RuleDescription").Single())):
                await ApplyAsync(topic, name, subscription);
                await AnswerAsync(context, 201, Entry(rule, new XElement(Service + "RuleDescription", new XElement(Service + "Name", rule))));
                break;
            case "PUT":
                await RefuseAsync(context, 409, $"SubCode=40900. The rule {rule} is there.");
                break;
            case "DELETE" when subscription.Rules.Remove(rule):
                await ApplyAsync(topic, name, subscription);
                break;
            default:
                await RefuseAsync(context, 404, $"There is no rule {rule}.");
                break;
        }
    }

    private async Task ListAsync(HttpContext context, string topic)
    {
        var skip = int.Parse(context.Request.Query["$skip"]!, CultureInfo.InvariantCulture);
        var top = int.Parse(context.Request.Query["$top"]!, CultureInfo.InvariantCulture);
        var names = _subscriptions.Keys
            .Where(path => path.StartsWith(BusPath.OfSubscription(topic, ""), StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.OrdinalIgnoreCase).Skip(skip).Take(Math.Min(top, LongestPage)).ToList();
        var feed = new XElement(Atom + "feed", new XElement(Atom + "title", "Subscriptions"));
        foreach (var path in names)
        {
            var dead = (await broker.PeekAsync(BusPath.OfDeadLetters(path), int.MaxValue)).Count;
            feed.Add(Entry(path[(path.LastIndexOf('/') + 1)..], new XElement(
                Service + "SubscriptionDescription",
                new XElement(Service + "CountDetails", new XElement(Service + "DeadLetterMessageCount", dead)))));
        }

        await AnswerAsync(context, 200, feed);
    }

    private Task ApplyAsync(string topic, string name, Subscription subscription)
    {
        var lockTime = subscription.Description.Element(Service + "LockDuration")?.Value;
        var deliveries = subscription.Description.Element(Service + "MaxDeliveryCount")?.Value;
        var settings = new BusEntitySettings();
        return broker.EnsureSubscriptionAsync(topic, name, [.. subscription.Rules.Values], settings with
        {
            LockDuration = lockTime is null ? settings.LockDuration : XmlConvert.ToTimeSpan(lockTime),
            MaxDeliveryCount = deliveries is null ? settings.MaxDeliveryCount : int.Parse(deliveries, CultureInfo.InvariantCulture),
        });
    }

    /// <summary>A rule's filter: one on an application property, or the one that lets everything through.</summary>
    private static BusFilter FilterOf(XElement? rule)
    {
        var filter = rule?.Element(Service + "Filter");
        if (filter?.Descendants(Service + "KeyValueOfstringanyType").SingleOrDefault() is { } property)
        {
            return BusFilter.OnProperty(property.Element(Service + "Key")!.Value, property.Element(Service + "Value")!.Value);
        }

        return filter is null || filter.Attribute(Instance + "type")?.Value == "TrueFilter"
            ? BusFilter.All
            : throw new InvalidOperationException($"A filter came that this namespace does not know: {filter}");
    }

    private static XElement Entry(string title, XElement content) =>
        new(Atom + "entry", new XElement(Atom + "title", title), new XElement(Atom + "content", new XAttribute("type", "application/xml"), content));

    private static Task<XDocument> ReadAsync(HttpContext context) =>
        XDocument.LoadAsync(context.Request.Body, LoadOptions.None, context.RequestAborted);

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        AnswerAsync(context, status, new XElement("Error", new XElement("Code", status), new XElement("Detail", detail)));

    private static Task AnswerAsync(HttpContext context, int status, XElement content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/atom+xml;type=entry;charset=utf-8";
        return context.Response.WriteAsync(content.ToString());
    }

    private sealed record Subscription(XElement Description)
    {
        public Dictionary<string, BusFilter> Rules { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
