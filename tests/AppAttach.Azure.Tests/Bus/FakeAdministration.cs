using Azure;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace AppAttach.Azure.Tests.Bus;

/// <summary>Subscriptions and their rules in memory; a name that exists is refused as the service refuses it.</summary>
internal sealed class FakeAdministration : ServiceBusAdministrationClient
{
    /// <summary>Rules by topic and subscription.</summary>
    public Dictionary<string, Dictionary<string, RuleFilter>> Subscriptions { get; } = [];

    /// <summary>Calls that were made.</summary>
    public int Calls { get; private set; }

    public override Task<Response<SubscriptionProperties>> CreateSubscriptionAsync(
        CreateSubscriptionOptions options,
        CreateRuleOptions rule,
        CancellationToken cancellationToken = default)
    {
        Calls++;
        if (!Subscriptions.TryAdd($"{options.TopicName}/{options.SubscriptionName}", new() { [rule.Name] = rule.Filter }))
        {
            throw new ServiceBusException("exists", ServiceBusFailureReason.MessagingEntityAlreadyExists);
        }

        return Task.FromResult(Response.FromValue<SubscriptionProperties>(null!, null!));
    }

    public override Task<Response<bool>> RuleExistsAsync(
        string topicName,
        string subscriptionName,
        string ruleName,
        CancellationToken cancellationToken = default)
    {
        Calls++;
        return Task.FromResult(Response.FromValue(Subscriptions[$"{topicName}/{subscriptionName}"].ContainsKey(ruleName), null!));
    }

    public override Task<Response<RuleProperties>> CreateRuleAsync(
        string topicName,
        string subscriptionName,
        CreateRuleOptions options,
        CancellationToken cancellationToken = default)
    {
        Calls++;
        Subscriptions[$"{topicName}/{subscriptionName}"].Add(options.Name, options.Filter);
        return Task.FromResult(Response.FromValue<RuleProperties>(null!, null!));
    }

    public override Task<Response> DeleteRuleAsync(
        string topicName,
        string subscriptionName,
        string ruleName,
        CancellationToken cancellationToken = default)
    {
        Calls++;
        return Subscriptions[$"{topicName}/{subscriptionName}"].Remove(ruleName)
            ? Task.FromResult<Response>(null!)
            : throw new ServiceBusException("no rule", ServiceBusFailureReason.MessagingEntityNotFound);
    }

    public override Task<Response> DeleteSubscriptionAsync(
        string topicName,
        string subscriptionName,
        CancellationToken cancellationToken = default)
    {
        Calls++;
        return Subscriptions.Remove($"{topicName}/{subscriptionName}")
            ? Task.FromResult<Response>(null!)
            : throw new ServiceBusException("no subscription", ServiceBusFailureReason.MessagingEntityNotFound);
    }
}
