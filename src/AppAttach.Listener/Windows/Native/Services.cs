// Service functions: winsvc.h, https://learn.microsoft.com/windows/win32/services/service-functions
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>The service control manager, from both sides: advapi32.dll.</summary>
internal static unsafe partial class Services
{
    public const uint OwnProcess = 0x10; // SERVICE_WIN32_OWN_PROCESS
    public const uint AutoStart = 2;     // SERVICE_AUTO_START
    public const uint ErrorNormal = 1;   // SERVICE_ERROR_NORMAL

    public const uint Stopped = 1;      // SERVICE_STOPPED
    public const uint StartPending = 2; // SERVICE_START_PENDING
    public const uint StopPending = 3;  // SERVICE_STOP_PENDING
    public const uint Running = 4;      // SERVICE_RUNNING

    public const uint AcceptStop = 0x1;            // SERVICE_ACCEPT_STOP
    public const uint AcceptSessionChange = 0x80;  // SERVICE_ACCEPT_SESSIONCHANGE
    public const uint AcceptPreshutdown = 0x100;   // SERVICE_ACCEPT_PRESHUTDOWN

    public const uint ControlStop = 0x1;           // SERVICE_CONTROL_STOP
    public const uint ControlInterrogate = 0x4;    // SERVICE_CONTROL_INTERROGATE
    public const uint ControlSessionChange = 0xE;  // SERVICE_CONTROL_SESSIONCHANGE
    public const uint ControlPreshutdown = 0xF;    // SERVICE_CONTROL_PRESHUTDOWN

    public const uint SessionLogon = 5;  // WTS_SESSION_LOGON
    public const uint SessionLogoff = 6; // WTS_SESSION_LOGOFF

    public const uint NoError = 0;
    public const uint ErrorCallNotImplemented = 120;
    public const uint ErrorServiceSpecific = 1066;         // ERROR_SERVICE_SPECIFIC_ERROR
    public const int ErrorNotAService = 1063;              // ERROR_FAILED_SERVICE_CONTROLLER_CONNECT
    public const int ErrorServiceDoesNotExist = 1060;
    public const int ErrorServiceCannotAcceptControl = 1061;
    public const int ErrorServiceNotActive = 1062;
    public const int ErrorServiceExists = 1073;

    public const uint ManagerConnect = 0x1;       // SC_MANAGER_CONNECT
    public const uint ManagerCreateService = 0x2; // SC_MANAGER_CREATE_SERVICE
    public const uint ServiceAllAccess = 0xF01FF; // SERVICE_ALL_ACCESS
    public const uint ServiceQueryStatus = 0x4;   // SERVICE_QUERY_STATUS

    public const uint ConfigDescription = 1;        // SERVICE_CONFIG_DESCRIPTION
    public const uint ConfigFailureActions = 2;     // SERVICE_CONFIG_FAILURE_ACTIONS
    public const uint ConfigDelayedAutoStart = 3;   // SERVICE_CONFIG_DELAYED_AUTO_START_INFO
    public const uint ConfigFailureActionsFlag = 4; // SERVICE_CONFIG_FAILURE_ACTIONS_FLAG
    public const uint ConfigServiceSid = 5;         // SERVICE_CONFIG_SERVICE_SID_INFO
    public const uint ConfigRequiredPrivileges = 6; // SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO
    public const uint ConfigPreshutdown = 7;        // SERVICE_CONFIG_PRESHUTDOWN_INFO

    public const uint ActionRestart = 1; // SC_ACTION_RESTART

    /// <summary>
    /// Connects this thread to the service control manager; returns when every service of the process has stopped. The table ends with an
    /// entry of zeros. https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-startservicectrldispatcherw.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "StartServiceCtrlDispatcherW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool StartDispatcher(ServiceTableEntry* table);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-registerservicectrlhandlerexw. The handle is not to be closed.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "RegisterServiceCtrlHandlerExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint RegisterHandler(string name, delegate* unmanaged<uint, uint, nint, nint, uint> handler, nint context);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-setservicestatus.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "SetServiceStatus", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetStatus(nint statusHandle, in ServiceStatus status);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-openscmanagerw.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "OpenSCManagerW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial ServiceHandle OpenManager(string? machine, string? database, uint access);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-createservicew. Dependencies end with two zeros; account null is LocalSystem.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "CreateServiceW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial ServiceHandle Create(
        ServiceHandle manager, string name, string displayName, uint access, uint type, uint start, uint errorControl,
        string binaryPath, string? loadOrderGroup, nint tagId, string? dependencies, string? account, string? password);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-openservicew.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "OpenServiceW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial ServiceHandle Open(ServiceHandle manager, string name, uint access);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfigw. 0xFFFFFFFF and null leave a thing as it is.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "ChangeServiceConfigW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Change(
        ServiceHandle service, uint type, uint start, uint errorControl, string? binaryPath, string? loadOrderGroup, nint tagId,
        string? dependencies, string? account, string? password, string? displayName);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "ChangeServiceConfig2W", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Change(ServiceHandle service, uint level, void* information);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-startservicew.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "StartServiceW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Start(ServiceHandle service, uint argumentCount, nint arguments);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-controlservice.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "ControlService", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Control(ServiceHandle service, uint control, out ServiceStatus status);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-queryservicestatus.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "QueryServiceStatus", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryStatus(ServiceHandle service, out ServiceStatus status);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-deleteservice.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "DeleteService", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Delete(ServiceHandle service);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-closeservicehandle.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("advapi32.dll", EntryPoint = "CloseServiceHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CloseHandle(nint handle);
}
