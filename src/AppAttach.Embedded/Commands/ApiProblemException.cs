using AppAttach.Contracts;

namespace AppAttach.Embedded.Commands;

/// <summary>The API refused; the message has its code, its sentence, and the command to try next.</summary>
/// <param name="problem">What it said.</param>
/// <param name="server">Address of the host.</param>
internal sealed class ApiProblemException(ApiProblem problem, Uri server) : Exception(Describe(problem, server))
{
    /// <summary>What the API said.</summary>
    public ApiProblem Problem { get; } = problem;

    private static string Describe(ApiProblem problem, Uri server) =>
        $"{problem.Code ?? $"HTTP {problem.Status}"}: {problem.Detail}{(NextOf(problem) is { } next ? $" Try: {next} --server {server}" : "")}";

    private static string? NextOf(ApiProblem problem) => problem.Code switch
    {
        ErrorCodes.SignInRequired or ErrorCodes.AccessDenied => $"{ApiClient.KeyVariable}=KEY appattach status",
        ErrorCodes.NotFound or ErrorCodes.StateConflict => "appattach status",
        _ => null,
    };
}
