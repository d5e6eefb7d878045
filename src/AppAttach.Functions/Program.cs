using AppAttach.Functions.Settings;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddTelemetry(builder.Configuration);
builder.Services.AddAppAttach(builder.Configuration);
await builder.Build().RunAsync();
