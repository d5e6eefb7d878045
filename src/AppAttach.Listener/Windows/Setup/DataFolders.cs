using System.Security.AccessControl;

namespace AppAttach.Listener.Windows.Setup;

/// <summary>The listener's folders and who may use them.</summary>
internal static class DataFolders
{
    // Nothing inherited. SY LocalSystem and BA administrators: everything; BU users: read and execute.
    // https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-definition-language
    private const string Private = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
    private const string Readable = Private + "(A;OICI;0x1200a9;;;BU)";

    private static readonly string Root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "AppAttach");

    /// <summary>State and settings: nobody else's business, for the bus key may lie there.</summary>
    public static string State { get; } = Path.Combine(Root, "Listener");

    /// <summary>Mount points: users run their apps through them.</summary>
    public static string Mounts { get; } = Path.Combine(Root, "Mounts");

    /// <summary>What users may ask for: users read it.</summary>
    public static string Offers { get; } = Path.Combine(Root, "Offers");

    /// <summary>The settings of the service.</summary>
    public static string Settings { get; } = Path.Combine(State, "listener.json");

    /// <summary>Makes the folders, and sets who may use them also where they are there already.</summary>
    public static void Install()
    {
        Install(State, Private);
        Install(Mounts, Readable);
        Install(Offers, Readable);
    }

    private static void Install(string folder, string access)
    {
        var security = new DirectorySecurity();
        security.SetSecurityDescriptorSddlForm(access, AccessControlSections.Access);
        var directory = new DirectoryInfo(folder);
        Directory.CreateDirectory(directory.Parent!.FullName);
        if (!directory.Exists)
        {
            directory.Create(security);
        }
        else if (directory.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            // Anyone may make folders in ProgramData: one that leads elsewhere was not made by us.
            throw new IOException($"{folder} is a link: remove it.");
        }
        else
        {
            directory.SetAccessControl(security);
        }
    }
}
