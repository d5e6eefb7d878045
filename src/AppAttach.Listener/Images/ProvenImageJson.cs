using System.Text.Json.Serialization;

namespace AppAttach.Listener.Images;

/// <summary>The JSON of <c>proven/DIGEST.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProvenImage))]
internal sealed partial class ProvenImageJson : JsonSerializerContext;
