using System.Buffers;

namespace AppAttach.Embedded.Engine;

/// <summary>The rule for instance ids, the same as in Durable Functions.</summary>
internal static class InstanceIds
{
    /// <summary>Longest instance id, in UTF-16 units.</summary>
    public const int MaxLength = 100;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\#?");

    /// <summary>Refuses what cannot be an instance id.</summary>
    /// <param name="instanceId">The id.</param>
    /// <exception cref="ArgumentException">It is empty, too long, or has a character that is not allowed.</exception>
    public static void Check(string instanceId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        if (instanceId.Length > MaxLength)
        {
            throw new ArgumentException($"The instance id has {instanceId.Length} characters; at most {MaxLength} are allowed.", nameof(instanceId));
        }

        if (instanceId.AsSpan().ContainsAny(Forbidden) || instanceId.Any(char.IsControl))
        {
            throw new ArgumentException(
                $"The instance id \"{instanceId}\" has a control character or one of / \\ # ?, which are not allowed.", nameof(instanceId));
        }
    }
}
