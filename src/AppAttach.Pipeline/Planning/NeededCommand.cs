using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>One step from what a host has to what it should have.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Package">With which package.</param>
/// <param name="Image">Where to stage it from; for <see cref="CommandKind.Stage"/> only.</param>
/// <param name="Users">Users to register for; empty: everyone.</param>
/// <param name="Mode">When users get it.</param>
public sealed record NeededCommand(
    CommandKind Kind, PackageReference Package, ImageReference? Image, IReadOnlyList<string> Users, RegisterMode? Mode)
{
    /// <summary>What the host must have to take the release; null: not known.</summary>
    public ReleaseNeeds? Needs { get; init; }
}
