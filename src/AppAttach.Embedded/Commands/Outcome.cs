using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Imaging;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Replication;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Commands;

/// <summary>Turns what a command throws into one line on standard error and an exit code.</summary>
internal static class Outcome
{
    /// <summary>Runs a command.</summary>
    /// <param name="work">The command.</param>
    /// <returns>Its exit code, or that of what it threw.</returns>
    public static async Task<int> OfAsync(Func<Task<ExitCode>> work)
    {
        try
        {
            return (int)await work();
        }
        catch (InvalidInputException e)
        {
            return Say(ExitCode.Rejected, $"{e.Code}: {e.Message}");
        }
        catch (PackageRefusedException e)
        {
            return Say(ExitCode.Rejected, $"{e.Rejection.Code}: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return Say(ExitCode.Failed, "Stopped before it was done.");
        }
        catch (SqliteException e)
        {
            return Say(ExitCode.Failed, $"A database in the data folder's state folder cannot be used: {e.Message}");
        }
        catch (Exception e) when (e is SettingsException or ApiProblemException or PackageSetRefusedException or IOException or InvalidDataException or UnauthorizedAccessException or HttpRequestException)
        {
            return Say(ExitCode.Failed, e.Message);
        }
    }

    private static int Say(ExitCode exitCode, string message)
    {
        // One line, whatever the system's own message looks like.
        Console.Error.WriteLine(message.ReplaceLineEndings(" "));
        return (int)exitCode;
    }
}
