using System.Text.Json.Serialization;

namespace AppAttach.Listener.Bus;

/// <summary>Reads and writes it, on one line.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BrokerProperties))]
internal sealed partial class BrokerPropertiesJson : JsonSerializerContext;
