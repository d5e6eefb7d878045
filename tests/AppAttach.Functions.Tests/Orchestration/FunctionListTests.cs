using System.Reflection;
using AppAttach.Functions.Orchestration;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Tests.Orchestration;

public sealed class FunctionListTests
{
    private static readonly MethodInfo[] Functions =
        [.. typeof(ActivityFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => NameOf(method) is not null)];

    [Fact]
    public void Orchestrators_AreThePipelines()
    {
        var functions = Functions.Where(Has<OrchestrationTriggerAttribute>).ToDictionary(method => NameOf(method)!);
        var pipeline = Read().Orchestrators;

        Assert.Equal(pipeline.Keys.Order(), functions.Keys.Order());
        foreach (var (name, (_, result)) in pipeline)
        {
            Assert.Equal(typeof(TaskOrchestrationContext), Assert.Single(functions[name].GetParameters()).ParameterType);
            Assert.Equal(typeof(Task<>).MakeGenericType(result), functions[name].ReturnType);
        }
    }

    [Fact]
    public void Activities_AreThePipelinesAndCanStartOrchestrations()
    {
        var functions = Functions.Where(Has<ActivityTriggerAttribute>).ToDictionary(method => NameOf(method)!);
        var pipeline = Read().Activities;

        Assert.Equal(pipeline.Keys.Order(), functions.Keys.Order());
        foreach (var (name, (input, result)) in pipeline)
        {
            Assert.Equal(
                [input, typeof(DurableTaskClient), typeof(CancellationToken)], functions[name].GetParameters().Select(parameter => parameter.ParameterType));
            Assert.Equal(typeof(Task<>).MakeGenericType(result), functions[name].ReturnType);
        }
    }

    [Fact]
    public void Functions_ArePublicWithNamesOfTheirOwn()
    {
        Assert.Equal(Functions.Length, Functions.Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(Functions, method => Assert.True(method.IsPublic && method.DeclaringType!.IsPublic));
    }

    [Fact]
    public void ServiceBusTriggers_AreSettledByTheFunction() =>
        Assert.All(
            Functions.SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()).OfType<ServiceBusTriggerAttribute>(),
            trigger => Assert.False(trigger.AutoCompleteMessages));

    private static string? NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()?.Name;

    private static bool Has<TAttribute>(MethodInfo method)
        where TAttribute : Attribute =>
        method.GetParameters().Any(parameter => parameter.GetCustomAttribute<TAttribute>() is not null);

    private static Registry Read()
    {
        var registry = new Registry();
        PipelineTasks.AddTo(registry);
        return registry;
    }

    private sealed class Registry : ITaskRegistry
    {
        public Dictionary<string, (Type Input, Type Result)> Orchestrators { get; } = [];

        public Dictionary<string, (Type Input, Type Result)> Activities { get; } = [];

        public void AddOrchestrator<TOrchestrator, TInput, TResult>()
            where TOrchestrator : class, IOrchestrator<TInput, TResult>, new() =>
            Orchestrators.Add(typeof(TOrchestrator).Name, (typeof(TInput), typeof(TResult)));

        public void AddActivity<TActivity, TInput, TResult>()
            where TActivity : class, IActivity<TInput, TResult> =>
            Activities.Add(typeof(TActivity).Name, (typeof(TInput), typeof(TResult)));
    }
}
