using System.Text.Json.Serialization;
using AppAttach.Contracts;

namespace AppAttach.Listener.Mounting;

/// <summary>The JSON of <c>image.json</c> beside a mount.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageReference))]
internal sealed partial class MountJson : JsonSerializerContext;
