using AppAttach.Api.Access;
using AppAttach.Api.Changes;
using AppAttach.Api.Endpoints;
using AppAttach.Api.Views;
using AppAttach.Pipeline.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppAttach.Api;

/// <summary>The API and the page, for a host to serve. The host adds the pipeline, <see cref="Ports"/> and says what changes to <see cref="ChangeFeed"/>.</summary>
public static class FleetApi
{
    /// <summary>The API's paths start with this.</summary>
    public const string Prefix = "/api/v1";

    /// <summary>Adds what the API needs.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="access">What callers are known by.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddFleetApi(this IServiceCollection services, ApiAccessOptions access)
    {
        services.AddSingleton(access);
        services.AddSingleton<ApiAccess>();
        services.AddSingleton(services => new AccessMiddleware(
            services.GetRequiredService<ApiAccess>(), services.GetRequiredService<ILogger<AccessMiddleware>>()));
        services.AddSingleton<ChangeFeed>();
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
        host.UseMiddleware<AccessMiddleware>();
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
        return host;
    }
}
