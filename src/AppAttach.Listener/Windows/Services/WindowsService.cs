// Writing a ServiceMain function: https://learn.microsoft.com/windows/win32/services/writing-a-servicemain-function
using System.Runtime.InteropServices;
using AppAttach.Listener.Windows.Native;

namespace AppAttach.Listener.Windows.Services;

/// <summary>
/// This process as a Windows service. The service control manager calls <see cref="ServiceMain"/> on a thread of its own and tells the handler to
/// stop, that the machine will shut down (before it does, while services and network are still there), and who signs in and out.
/// </summary>
internal static unsafe class WindowsService
{
    public const string Name = "AppAttachListener";
    public const string DisplayName = "AppAttach Listener";
    public const string Description = "Mounts app images and registers their apps for the users of this computer.";

    private const uint WaitHintMilliseconds = 30_000;

    private static Func<HostSignals, CancellationToken, Task>? s_run;
    private static HostSignals? s_signals;
    private static CancellationTokenSource? s_stop;
    private static nint s_status;

    /// <summary>Connects to the service control manager, which must have started this process; returns when the service has stopped.</summary>
    /// <param name="run">The service's work, until it is cancelled.</param>
    /// <returns>0, or the system error code: 1063 when the process was not started as a service.</returns>
    public static int Run(Func<HostSignals, CancellationToken, Task> run)
    {
        s_run = run;
        fixed (char* name = Name)
        {
            var table = stackalloc ServiceTableEntry[2];
            table[0] = new ServiceTableEntry { Name = name, Main = &ServiceMain };
            table[1] = default;
            return Native.Services.StartDispatcher(table) ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    [UnmanagedCallersOnly]
    private static void ServiceMain(uint argumentCount, nint arguments)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new HostSignals();
        (s_stop, s_signals) = (stop, signals);
        s_status = Native.Services.RegisterHandler(Name, &Handle, context: 0);
        if (s_status == 0)
        {
            return;
        }

        var exitCode = Native.Services.NoError;
        Report(Native.Services.Running);
        try
        {
#pragma warning disable CA2025 // It has completed when this line has.
            s_run!(signals, stop.Token).GetAwaiter().GetResult();
#pragma warning restore CA2025
        }
#pragma warning disable CA1031 // Nothing is above this but the system: the service stops with a failure, and is started again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine(e);
            exitCode = Native.Services.ErrorServiceSpecific;
        }

        Report(Native.Services.Stopped, exitCode);
    }

    [UnmanagedCallersOnly]
    private static uint Handle(uint control, uint eventType, nint eventData, nint context)
    {
        switch (control)
        {
            case Native.Services.ControlStop or Native.Services.ControlPreshutdown:
                Report(Native.Services.StopPending);

                // On another thread: what is cancelled runs before this returns, and the manager waits for the handler.
                _ = ThreadPool.UnsafeQueueUserWorkItem(static _ => Stop(), null);
                return Native.Services.NoError;
            case Native.Services.ControlSessionChange:
                if (eventType is Native.Services.SessionLogon or Native.Services.SessionLogoff)
                {
                    SessionChanged();
                }

                return Native.Services.NoError;
            case Native.Services.ControlInterrogate:
                return Native.Services.NoError;
            default:
                return Native.Services.ErrorCallNotImplemented;
        }
    }

    private static void Stop()
    {
        try
        {
            s_stop?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has stopped by itself.
        }
    }

    private static void SessionChanged()
    {
        try
        {
            s_signals?.SessionChanged();
        }
        catch (ObjectDisposedException)
        {
            // The service stops.
        }
    }

    private static void Report(uint state, uint exitCode = Native.Services.NoError)
    {
        var status = new ServiceStatus
        {
            ServiceType = Native.Services.OwnProcess,
            CurrentState = state,
            ControlsAccepted = state == Native.Services.Running
                ? Native.Services.AcceptStop | Native.Services.AcceptPreshutdown | Native.Services.AcceptSessionChange
                : 0,
            Win32ExitCode = exitCode,
            ServiceSpecificExitCode = exitCode == Native.Services.ErrorServiceSpecific ? 1u : 0,
            WaitHintMilliseconds = state == Native.Services.StopPending ? WaitHintMilliseconds : 0,
        };
        _ = Native.Services.SetStatus(s_status, status);
    }
}
