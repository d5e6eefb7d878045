using System.Text.Json.Serialization;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>The JSON of <c>image.json</c> beside a mount.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WindowsMountRecord))]
internal sealed partial class WindowsMountJson : JsonSerializerContext;
