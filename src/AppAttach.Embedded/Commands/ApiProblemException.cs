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
        $"{problem.Code ?? $"HTTP {problem.Status}"}: {problem.Detail}{NextOf(problem, server)}";

    private static string NextOf(ApiProblem problem, Uri server) => problem.Code switch
    {
        ErrorCodes.SignInRequired or ErrorCodes.AccessDenied =>
            $" Put a key that may do this into the environment variable {ApiClient.KeyVariable} and try again; an embedded host has its keys in the files keys/api/*.key of its data folder.",
        ErrorCodes.NotFound or ErrorCodes.StateConflict => $" See what there is: appattach status --server {server}",
        _ => "",
    };
}
