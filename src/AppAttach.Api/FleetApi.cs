using AppAttach.Api.Access;
using AppAttach.Api.Changes;
using AppAttach.Api.Endpoints;
using AppAttach.Api.Ports;
using AppAttach.Api.Views;
using AppAttach.Pipeline.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AppAttach.Api;

/// <summary>The API and the page, for a host to serve. The host adds the pipeline, <see cref="Ports"/> and says what changes to <see cref="ChangeFeed"/>.</summary>
public static class FleetApi
{
    /// <summary>The API's paths start with this.</summary>
    public const string Prefix = "/api/v1";

    /// <summary>Adds what the API needs, for callers who are known by keys.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="access">The keys.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddFleetApi(this IServiceCollection services, ApiAccessOptions access)
    {
        services.AddSingleton(access);
        services.AddSingleton<IApiAccess, ApiAccess>();
        return services.AddFleetApi();
    }

    /// <summary>Adds what the API needs; the host adds its <see cref="IApiAccess"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddFleetApi(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddSingleton(services => new AccessMiddleware(
            services.GetRequiredService<IApiAccess>(), services.GetRequiredService<IPackageUpload>(), services.GetRequiredService<ILogger<AccessMiddleware>>()));
        services.TryAddSingleton(new ChangeFeedOptions());
        services.AddSingleton(services => new ChangeFeed(
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ChangeFeedOptions>(), services.GetService<IChangeSource>(), services.GetRequiredService<ILogger<ChangeFeed>>()));
        services.AddSingleton<FleetLooks>();
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<RolloutViews>();
        services.AddSingleton<StoryReader>();
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = OrchestrationJson.Options.DefaultIgnoreCondition;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            foreach (var converter in OrchestrationJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddFleetDocument();
        return services;
    }

    /// <summary>Puts the API and the page into a host's pipeline, with who may call and strict headers before them.</summary>
    /// <typeparam name="THost">The host.</typeparam>
    /// <param name="host">The host.</param>
    /// <returns>The same host.</returns>
    public static THost MapFleetApi<THost>(this THost host)
        where THost : IApplicationBuilder, IEndpointRouteBuilder
    {
        host.UseAccess();
        host.MapRoutes();
        return host;
    }

    /// <summary>
    /// The API and the page as one delegate, for a host that has routed a call already and cannot be given routes. What the call's own route was is
    /// forgotten: routing passes over a call that has an endpoint.
    /// </summary>
    /// <param name="services">The host's services; they have what <see cref="AddFleetApi(IServiceCollection)"/> added.</param>
    /// <returns>Answers any call; one that is none of the API's or the page's gets 404.</returns>
    public static RequestDelegate BuildFleetApi(this IServiceProvider services)
    {
        var host = new ApplicationBuilder(services);
        host.Use((context, next) =>
        {
            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
            return next(context);
        });
        host.UseRouting();
        host.UseAccess();
        host.UseEndpoints(MapRoutes);
        return host.Build();
    }

    private static void UseAccess(this IApplicationBuilder host)
    {
        var access = host.ApplicationServices.GetRequiredService<AccessMiddleware>();
        host.Use((context, next) => access.InvokeAsync(context, next));
    }

    private static void MapRoutes(this IEndpointRouteBuilder host)
    {
        var api = host.MapGroup(Prefix);
        var readers = api.MapGroup("").WithMetadata(new NeededRole(ApiRole.Reader));
        var operators = api.MapGroup("").WithMetadata(new NeededRole(ApiRole.Operator));
        readers.MapLists();
        readers.MapViews();
        readers.MapChanges();
        readers.MapSession();
        operators.MapRequests();
        operators.MapDeadLetters(readers);
        operators.MapInbox();
        api.MapSignIn();
        readers.MapOpenApi("/{documentName}.json");
        host.MapPage();
    }
}
