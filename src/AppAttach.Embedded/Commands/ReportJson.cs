using System.Text.Json.Serialization;
using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Replication;

namespace AppAttach.Embedded.Commands;

/// <summary>
/// How <c>--json</c> writes the documents of the commands that need no server, in the spelling of
/// <see cref="Pipeline.Orchestration.OrchestrationJson"/>. The code is made at compile time: a natively compiled program has no reflection to find out with.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KebabCaseEnumConverter<SignatureMode>), typeof(KebabCaseEnumConverter<Defect>)])]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(BundleReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(ImageSetPlan))]
[JsonSerializable(typeof(IEnumerable<ImageEntry>))]
internal sealed partial class ReportJson : JsonSerializerContext;
