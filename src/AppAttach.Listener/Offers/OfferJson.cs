using System.Text.Json.Serialization;

namespace AppAttach.Listener.Offers;

/// <summary>The JSON of <c>offers.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(OfferDocument))]
internal sealed partial class OfferJson : JsonSerializerContext;
