using System.Text.Json;
using System.Text.Json.Serialization;
using AppAttach.Contracts;

namespace AppAttach.Listener.Settings;

/// <summary>The JSON of <c>listener.json</c>: a member that we do not know is a mistake and refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(KebabCaseEnumConverter<MounterKind>), typeof(KebabCaseEnumConverter<DigestPolicy>), typeof(KebabCaseEnumConverter<IdentityKind>)])]
[JsonSerializable(typeof(ListenerOptions))]
internal sealed partial class ListenerOptionsJson : JsonSerializerContext;
