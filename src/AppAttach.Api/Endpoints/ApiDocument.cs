using AppAttach.Api.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace AppAttach.Api.Endpoints;

/// <summary>The OpenAPI document of the API: made from the paths themselves, served at <c>/api/v1/openapi.json</c>, and kept beside the project.</summary>
internal static class ApiDocument
{
    private const string Name = "openapi";

    public static void AddFleetDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = path => path.RelativePath?.StartsWith(FleetApi.Prefix[1..], StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "AppAttach", Version = "1", Description = "Packages, releases, rollouts and hosts, and what may be asked of them." };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Not needed on the host's own machine." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            document.Tags = null;
            foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(pair => pair.Value))
            {
                operation.Tags = null;
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>Describes a list.</summary>
    public static void AsPage<TItem>(this RouteHandlerBuilder route, string summary, IEnumerable<string> filters)
    {
        List<string> parameters = ["after", "limit", .. filters];
        route.WithSummary(summary).Produces<ApiPage<TItem>>().ProducesProblem(StatusCodes.Status400BadRequest).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var name in parameters)
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Schema = new OpenApiSchema { Type = name == "limit" ? JsonSchemaType.Integer : JsonSchemaType.String },
                });
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Describes a document.</summary>
    public static void AsDocument<TDocument>(this RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).Produces<TDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
}
