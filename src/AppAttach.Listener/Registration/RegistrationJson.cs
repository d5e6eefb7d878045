using System.Text.Json.Serialization;

namespace AppAttach.Listener.Registration;

/// <summary>The JSON of a user's file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(UserRegistrations))]
internal sealed partial class RegistrationJson : JsonSerializerContext;
