using AppAttach.Pipeline.Catalog;

namespace AppAttach.Api.Views;

/// <summary>A host against what it should have.</summary>
/// <param name="Host">The host.</param>
/// <param name="Condition">How it is doing.</param>
/// <param name="Packages">Every package that it has or should have.</param>
public sealed record HostStory(HostRecord Host, HostCondition Condition, IReadOnlyList<HostPackage> Packages);

/// <summary>A package on a host.</summary>
/// <param name="Package">Package full name.</param>
/// <param name="Wanted"><c>registered</c>, <c>staged</c>, or <c>absent</c>.</param>
/// <param name="Actual"><c>registered</c>, <c>staged</c>, <c>unmounted</c>, or <c>absent</c>.</param>
/// <param name="Code">What the last command about it failed with.</param>
/// <param name="Message">The same as a sentence.</param>
public sealed record HostPackage(string Package, string Wanted, string Actual, string? Code, string? Message);
