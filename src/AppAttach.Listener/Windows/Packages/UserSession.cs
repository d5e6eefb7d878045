using System.Runtime.InteropServices;
using System.Security.Principal;
using AppAttach.Contracts;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Packages;

/// <summary>A user's session, in which a short-lived process of this program can do what only the user himself can.</summary>
/// <param name="SessionId">Number of the session.</param>
/// <param name="User">The user's security identifier.</param>
internal sealed record UserSession(uint SessionId, string User)
{
    private const int ErrorNoToken = 1008;
    private const int ErrorFileNotFound = 2;

    // A registration takes seconds; a machine that many sign in to at once is slow.
    private static readonly TimeSpan ProcessLimit = TimeSpan.FromMinutes(5);

    /// <summary>The session of a user, or null when he is not signed in.</summary>
    public static UserSession? Find(string user) =>
        Enumerate().Select(one => one.Session).FirstOrDefault(session => string.Equals(session.User, user, StringComparison.OrdinalIgnoreCase));

    /// <summary>The session of a user.</summary>
    /// <exception cref="CommandFailedException">He is not signed in.</exception>
    public static UserSession Require(string user) =>
        Find(user) ?? throw new CommandFailedException(ErrorCodes.RegistrationFailed, $"User {user} is not signed in any more: it is done when he signs in again.");

    /// <summary>The users who are signed in, active or disconnected, each with his groups.</summary>
    public static IReadOnlyList<HostUser> ListUsers() =>
        [.. Enumerate().GroupBy(one => one.Session.User, StringComparer.OrdinalIgnoreCase).Select(sessions => new HostUser(sessions.Key, sessions.First().Groups))];

    /// <summary>Runs a task in the session and waits for its end.</summary>
    /// <exception cref="CommandFailedException">The process could not be started or did not end, or what it did failed.</exception>
    public void Run(SessionTask task)
    {
        var what = $"Package {task.PackageFullName} cannot be {(task.Verb == SessionVerb.Register ? "registered for" : "deregistered from")} user {User}";
        if (!Sessions.QueryUserToken(SessionId, out var token))
        {
            throw WindowsFailure.OfLastError(ErrorCodes.RegistrationFailed, what);
        }

        using (token)
        using (var process = Start(token, task, what))
        {
            if (Kernel.WaitForSingleObject(process, (uint)ProcessLimit.TotalMilliseconds) != Kernel.WaitObject0)
            {
                _ = Kernel.TerminateProcess(process, exitCode: 1);
                throw new CommandFailedException(ErrorCodes.RegistrationFailed, $"{what}: it did not end within {ProcessLimit.TotalMinutes} minutes.");
            }

            if (!Kernel.GetExitCodeProcess(process, out var exitCode))
            {
                throw WindowsFailure.OfLastError(ErrorCodes.RegistrationFailed, what);
            }

            if (exitCode != 0)
            {
                throw WindowsFailure.Of(ErrorCodes.RegistrationFailed, what, unchecked((int)exitCode));
            }
        }
    }

    private static SafeProcessHandle Start(SafeAccessTokenHandle token, SessionTask task, string what)
    {
        if (!UserProcesses.CreateEnvironmentBlock(out var environment, token, inherit: false))
        {
            throw WindowsFailure.OfLastError(ErrorCodes.RegistrationFailed, what);
        }

        var desktop = Marshal.StringToHGlobalUni(@"winsta0\default");
        try
        {
            var program = Environment.ProcessPath!;
            var startup = new StartupInformation { SizeBytes = (uint)Marshal.SizeOf<StartupInformation>(), Desktop = desktop };
            if (!UserProcesses.Create(
                token, program, $"\"{program}\" {task.Arguments}\0".ToCharArray(), 0, 0, inheritHandles: false,
                UserProcesses.CreateUnicodeEnvironment | UserProcesses.CreateNoWindow, environment, Environment.SystemDirectory, startup, out var process))
            {
                throw WindowsFailure.OfLastError(ErrorCodes.RegistrationFailed, what);
            }

            _ = Kernel.CloseHandle(process.Thread);
            return new SafeProcessHandle(process.Process, ownsHandle: true);
        }
        finally
        {
            Marshal.FreeHGlobal(desktop);
            _ = UserProcesses.DestroyEnvironmentBlock(environment);
        }
    }

    private static List<(UserSession Session, IReadOnlyList<string> Groups)> Enumerate()
    {
        if (!Sessions.Enumerate(server: 0, reserved: 0, version: 1, out var sessions, out var count))
        {
            throw WindowsFailure.OfLastError(ErrorCodes.RegistrationFailed, "The sessions of this machine cannot be listed");
        }

        try
        {
            var size = Marshal.SizeOf<SessionInformation>();
            return
            [
                .. Enumerable.Range(0, (int)count).Select(i => Marshal.PtrToStructure<SessionInformation>(sessions + (i * size)))
                    .Where(session => session.State is Sessions.StateActive or Sessions.StateDisconnected)
                    .Select(session => Describe(session.SessionId)).OfType<(UserSession, IReadOnlyList<string>)>(),
            ];
        }
        finally
        {
            Sessions.FreeMemory(sessions);
        }
    }

    // Null for a session that nobody is signed in to, such as the listener's own, or whose user has just left.
    private static (UserSession Session, IReadOnlyList<string> Groups)? Describe(uint sessionId)
    {
        if (!Sessions.QueryUserToken(sessionId, out var token))
        {
            var error = Marshal.GetLastPInvokeError();
            token.Dispose();
            return error is ErrorNoToken or ErrorFileNotFound
                ? null
                : throw WindowsFailure.OfWin32(ErrorCodes.RegistrationFailed, $"The user of session {sessionId} cannot be asked for", (uint)error);
        }

        using (token)
        using (var identity = new WindowsIdentity(token.DangerousGetHandle()))
        {
            return identity.User is { } user
                ? (new UserSession(sessionId, user.Value), [.. (identity.Groups ?? []).Select(group => group.Value)])
                : null;
        }
    }
}
