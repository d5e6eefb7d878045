namespace AppAttach.Api.Changes;

/// <summary>What a host decides of the feed of changes.</summary>
public sealed record ChangeFeedOptions
{
    /// <summary>
    /// How long one answer to <c>events</c> goes on; its listener then comes again and goes on where it was. Default: as long as the listener stays.
    /// </summary>
    public TimeSpan? LongestAnswer { get; init; }

    /// <summary>How often an <see cref="Ports.IChangeSource"/> is looked at while anyone listens. Default 5 seconds.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);
}
