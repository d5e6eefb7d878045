using System.Globalization;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Instance ids of a rollout and its parts. They say what they are for, so that asking twice starts one.</summary>
public static class RolloutIds
{
    private const string Prefix = "rollout-";

    /// <summary>Instance id of a rollout.</summary>
    /// <param name="packageFullName">The package.</param>
    /// <param name="imageDigest">Its image.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="request">The request that asked for it, or for the assignment it follows from; null: neither, it comes once.</param>
    /// <returns><c>rollout-</c> and 32 hexadecimal digits.</returns>
    public static string Of(string packageFullName, string imageDigest, string pool, string? request) =>
        InstanceId.Of(Prefix, $"{packageFullName}\n{imageDigest}\n{pool.ToLowerInvariant()}\n{request}");

    /// <summary>Instance id of one ring's part.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="ring">Number of the ring, from 0.</param>
    /// <returns>The id.</returns>
    public static string OfRing(string rolloutId, int ring) => string.Create(CultureInfo.InvariantCulture, $"{rolloutId}-r{ring}");

    /// <summary>Instance id of one batch's part in one phase.</summary>
    /// <param name="ringId">The ring's part.</param>
    /// <param name="isRegistering">Whether the phase is registering; else staging.</param>
    /// <param name="batch">Number of the batch, from 0.</param>
    /// <returns>The id.</returns>
    public static string OfBatch(string ringId, bool isRegistering, int batch) =>
        string.Create(CultureInfo.InvariantCulture, $"{ringId}-{(isRegistering ? 'g' : 's')}{batch}");

    /// <summary>Whether an instance id is one of a batch: the only parts that hosts may speak to.</summary>
    /// <param name="instanceId">The instance id.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsBatch(string instanceId)
    {
        var parts = instanceId.Split('-');
        return parts.Length == 4
            && RolloutInput.IsInstanceId($"{parts[0]}-{parts[1]}")
            && IsNumber(parts[2], "r")
            && (IsNumber(parts[3], "s") || IsNumber(parts[3], "g"));
    }

    private static bool IsNumber(string part, string letter) =>
        part.Length is >= 2 and <= 6 && part.StartsWith(letter, StringComparison.Ordinal) && part.Skip(1).All(char.IsAsciiDigit);
}
