namespace AppAttach.Embedded.Bus;

/// <summary>A correlation rule of a subscription: every part that is given must be equal, by case too; with none given it matches all.</summary>
internal sealed record BusFilter
{
    /// <summary>Matches every message.</summary>
    public static readonly BusFilter All = new();

    /// <summary>Name of a custom property, case ignored; null: none is asked for.</summary>
    public string? Property { get; init; }

    /// <summary>The text that <see cref="Property"/> must have.</summary>
    public string? PropertyValue { get; init; }

    /// <summary>The message's To.</summary>
    public string? To { get; init; }

    /// <summary>The message's correlation id.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The message's label.</summary>
    public string? Label { get; init; }

    /// <summary>Asks for one custom property.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its text.</param>
    /// <returns>The filter.</returns>
    public static BusFilter OnProperty(string name, string value) => new() { Property = name, PropertyValue = value };

    /// <summary>Whether a message is for the subscription.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True if every part matches.</returns>
    public bool Matches(BusMessage message) =>
        (To is null || To == message.To)
        && (CorrelationId is null || CorrelationId == message.CorrelationId)
        && (Label is null || Label == message.Label)
        && (Property is null
            || (message.Properties.TryGetValue(Property, out var value) && value is string text && text == PropertyValue));
}
