using AppAttach.Contracts;

namespace AppAttach.Embedded.Commands;

/// <summary>What the API says when it refuses (RFC 9457).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code, one of <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">A sentence.</param>
internal sealed record ApiProblem(int Status, string? Code, string? Detail);
