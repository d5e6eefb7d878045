using System.Text.Json;
using System.Text.Json.Serialization;

namespace AppAttach.Contracts;

/// <summary>The JSON of every message: camel case, kebab-case enumerations, nulls left out, unknown members ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KebabCaseEnumConverter<CommandKind>), typeof(KebabCaseEnumConverter<OutcomeResult>), typeof(KebabCaseEnumConverter<RegisterMode>)])]
[JsonSerializable(typeof(CloudEvent<JsonElement>))]
[JsonSerializable(typeof(CloudEvent<HostCommand>))]
[JsonSerializable(typeof(CloudEvent<CommandOutcome>))]
[JsonSerializable(typeof(CloudEvent<HostHello>))]
[JsonSerializable(typeof(CloudEvent<PipelineEvent>))]
[JsonSerializable(typeof(CloudEvent<RequestReply>))]
public sealed partial class ContractsJson : JsonSerializerContext;
