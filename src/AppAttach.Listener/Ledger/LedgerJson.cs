using System.Text.Json.Serialization;
using AppAttach.Contracts;

namespace AppAttach.Listener.Ledger;

/// <summary>The JSON of the ledger's files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    Converters =
    [
        typeof(KebabCaseEnumConverter<CommandKind>), typeof(KebabCaseEnumConverter<OutcomeResult>), typeof(KebabCaseEnumConverter<PackageState>),
        typeof(KebabCaseEnumConverter<RegisterMode>),
    ])]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(PackageRecord))]
[JsonSerializable(typeof(CommandRecord))]
internal sealed partial class LedgerJson : JsonSerializerContext;
