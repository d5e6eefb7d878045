using System.ComponentModel;
using System.Runtime.InteropServices;
using AppAttach.Listener.Windows.Native;
using AppAttach.Listener.Windows.Services;

namespace AppAttach.Listener.Windows.Setup;

/// <summary>Registers the service with the service control manager, changes what is registered, and removes it.</summary>
internal static unsafe class ServiceSetup
{
    private const uint NoChange = 0xFFFF_FFFF; // SERVICE_NO_CHANGE
    private const uint RestartDelayMilliseconds = 60_000;
    private const int RestartCount = 3;
    private const uint ResetPeriodSeconds = 24 * 60 * 60;
    private const uint PreshutdownMilliseconds = 60_000;
    private const uint ServiceSidUnrestricted = 1; // SERVICE_SID_TYPE_UNRESTRICTED

    // What LocalSystem keeps of its privileges; all others are taken from the service's token.
    // SeTcb: tokens of sessions. SeAssignPrimaryToken, SeIncreaseQuota: processes as their users. SeManageVolume: attaching disks.
    // SeImpersonate: the deployment service asks for it of its callers. SeChangeNotify: everyone has it.
    private static readonly string[] Privileges =
    [
        "SeTcbPrivilege", "SeAssignPrimaryTokenPrivilege", "SeIncreaseQuotaPrivilege", "SeManageVolumePrivilege", "SeImpersonatePrivilege", "SeChangeNotifyPrivilege",
    ];

    /// <summary>Registers the service as this program with these settings, or changes it to be so. It is not started.</summary>
    /// <exception cref="Win32Exception">Windows refused.</exception>
    public static void Install(string settings)
    {
        var commandLine = $"\"{Environment.ProcessPath}\" run --service --settings \"{settings}\"";
        using var manager = Require(Native.Services.OpenManager(null, null, Native.Services.ManagerConnect | Native.Services.ManagerCreateService));
        using var service = OpenOrCreate(manager, commandLine);
        Configure(service);
    }

    /// <summary>Starts the service; one that runs is left so.</summary>
    /// <exception cref="Win32Exception">Windows refused.</exception>
    public static void Start()
    {
        using var manager = Require(Native.Services.OpenManager(null, null, Native.Services.ManagerConnect));
        using var service = Require(Native.Services.Open(manager, WindowsService.Name, Native.Services.ServiceAllAccess));
        const int alreadyRunning = 1056; // ERROR_SERVICE_ALREADY_RUNNING
        if (!Native.Services.Start(service, 0, 0) && Marshal.GetLastPInvokeError() is not alreadyRunning and var error)
        {
            throw new Win32Exception(error);
        }
    }

    /// <summary>Stops the service and waits until it has stopped; one that is not there or does not run is left so.</summary>
    /// <exception cref="Win32Exception">Windows refused, or it did not stop.</exception>
    public static void Stop()
    {
        using var manager = Require(Native.Services.OpenManager(null, null, Native.Services.ManagerConnect));
        using var service = Native.Services.Open(manager, WindowsService.Name, Native.Services.ServiceAllAccess);
        if (service.IsInvalid)
        {
            return;
        }

        // There is no handle that could be waited for.
        const int tries = 600;
        var interval = TimeSpan.FromMilliseconds(100);
        ServiceStatus status;
        for (var i = 0; !Native.Services.Control(service, Native.Services.ControlStop, out status); i++)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Native.Services.ErrorServiceNotActive)
            {
                break;
            }

            // A service that is just starting, or stopping already, takes no request to stop (ControlService, "Return value").
            if (error != Native.Services.ErrorServiceCannotAcceptControl || i == tries)
            {
                throw new Win32Exception(error);
            }

            Thread.Sleep(interval);
        }

        for (var i = 0; i < tries && Native.Services.QueryStatus(service, out status) && status.CurrentState != Native.Services.Stopped; i++)
        {
            Thread.Sleep(interval);
        }

        if (status.CurrentState != Native.Services.Stopped)
        {
            throw new Win32Exception("The service did not stop within a minute.");
        }
    }

    /// <summary>Removes the service; one that is not there is left so.</summary>
    /// <exception cref="Win32Exception">Windows refused.</exception>
    public static void Uninstall()
    {
        using var manager = Require(Native.Services.OpenManager(null, null, Native.Services.ManagerConnect));
        using var service = Native.Services.Open(manager, WindowsService.Name, Native.Services.ServiceAllAccess);
        if (service.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Native.Services.ErrorServiceDoesNotExist)
            {
                throw new Win32Exception(error);
            }
        }
        else if (!Native.Services.Delete(service))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private static ServiceHandle OpenOrCreate(ServiceHandle manager, string commandLine)
    {
        var created = Native.Services.Create(
            manager, WindowsService.Name, WindowsService.DisplayName, Native.Services.ServiceAllAccess, Native.Services.OwnProcess,
            Native.Services.AutoStart, Native.Services.ErrorNormal, commandLine, null, 0, null, null, null);
        if (!created.IsInvalid)
        {
            return created;
        }

        var error = Marshal.GetLastPInvokeError();
        created.Dispose();
        if (error != Native.Services.ErrorServiceExists)
        {
            throw new Win32Exception(error);
        }

        var service = Require(Native.Services.Open(manager, WindowsService.Name, Native.Services.ServiceAllAccess));
        Check(Native.Services.Change(
            service, NoChange, Native.Services.AutoStart, NoChange, commandLine, null, 0, null, null, null, WindowsService.DisplayName));
        return service;
    }

    private static void Configure(ServiceHandle service)
    {
        // SERVICE_DESCRIPTIONW and SERVICE_REQUIRED_PRIVILEGES_INFOW are a pointer each; the others are a DWORD or a BOOL.
        fixed (char* description = WindowsService.Description)
        fixed (char* privileges = string.Join('\0', Privileges) + "\0\0")
        {
            var text = (nint)description;
            Set(service, "description", Native.Services.ConfigDescription, &text);
            text = (nint)privileges;
            Set(service, "required privileges", Native.Services.ConfigRequiredPrivileges, &text);
        }

        var actions = stackalloc ServiceAction[RestartCount];
        for (var i = 0; i < RestartCount; i++)
        {
            actions[i] = new ServiceAction(Native.Services.ActionRestart, RestartDelayMilliseconds);
        }

        var failure = new ServiceFailureActions { ResetPeriodSeconds = ResetPeriodSeconds, ActionCount = RestartCount, Actions = actions };
        Set(service, "failure actions", Native.Services.ConfigFailureActions, &failure);
        var isTrue = 1;
        Set(service, "failure actions flag", Native.Services.ConfigFailureActionsFlag, &isTrue);
        Set(service, "delayed start", Native.Services.ConfigDelayedAutoStart, &isTrue);
        var number = ServiceSidUnrestricted;
        Set(service, "service SID", Native.Services.ConfigServiceSid, &number);
        number = PreshutdownMilliseconds;
        Set(service, "preshutdown time", Native.Services.ConfigPreshutdown, &number);
    }

    // A system that does not know a setting (every Windows since Vista does, Wine does not) has a service that works without it.
    private static void Set(ServiceHandle service, string name, uint level, void* value)
    {
        const int invalidLevel = 124; // ERROR_INVALID_LEVEL
        if (Native.Services.Change(service, level, value))
        {
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error != invalidLevel)
        {
            throw new Win32Exception(error);
        }

        Console.Error.WriteLine($"Warning: this system does not know the service's setting \"{name}\"; the service is installed without it.");
    }

    private static ServiceHandle Require(ServiceHandle handle) => handle.IsInvalid ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : handle;

    private static void Check(bool isDone)
    {
        if (!isDone)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
