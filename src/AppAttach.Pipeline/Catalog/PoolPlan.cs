namespace AppAttach.Pipeline.Catalog;

/// <summary>
/// What the hosts of a pool should have, in one document: so that it changes in one step, and one look tells what to do with a host.
/// A family that was taken away stays in it without a release, for what the plan does not know is left alone on hosts.
/// </summary>
/// <param name="Pool">The pool.</param>
public sealed record PoolPlan(string Pool)
{
    /// <summary>The families, by name.</summary>
    public IReadOnlyList<AppPlan> Apps { get; init; } = [];

    /// <summary>Key of the document.</summary>
    /// <param name="pool">The pool; case does not matter.</param>
    /// <returns>The key.</returns>
    public static string KeyOf(string pool) => pool.ToLowerInvariant();

    /// <summary>Finds a family.</summary>
    /// <param name="family">Package family name; case does not matter.</param>
    /// <returns>Its plan, or null.</returns>
    public AppPlan? Find(string family) => Apps.FirstOrDefault(app => string.Equals(app.Family, family, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the family that a rollout is in charge of.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <returns>The family's plan; null: the rollout is not in charge of any.</returns>
    public AppPlan? FindRollout(string rolloutId) => Apps.FirstOrDefault(app => app.Rollout?.Id == rolloutId);

    /// <summary>The plan with one family's plan changed or added.</summary>
    /// <param name="app">The family's new plan.</param>
    /// <returns>The new plan.</returns>
    public PoolPlan With(AppPlan app) => this with
    {
        Apps =
        [
            .. Apps.Where(other => !string.Equals(other.Family, app.Family, StringComparison.OrdinalIgnoreCase))
                .Append(app).OrderBy(other => other.Family, StringComparer.OrdinalIgnoreCase),
        ],
    };
}
