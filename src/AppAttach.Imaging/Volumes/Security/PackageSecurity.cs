namespace AppAttach.Imaging.Volumes.Security;

// What Windows itself writes, read from descriptors of Windows 10 and 11 that people published (README, "Security").
//
// WindowsApps         O:TrustedInstaller G:SY D:PAI(A;;FA;;;TI)(A;OICIIO;GA;;;TI)(A;;0x1200a9;;;C)(A;OICIIO;GXGR;;;C)(A;;FA;;;SY)(A;OICIIO;GA;;;SY)
//                     (A;CI;0x1200a9;;;BA)(A;OICI;0x1200a9;;;LS)(A;OICI;0x1200a9;;;NS)(A;OICI;0x1200a9;;;RC)(XA;;0x1200a9;;;BU;(Exists WIN://SYSAPPID))
// an application      O:SYG:SYD:AI(XA;OICI;0x1200a9;;;BU;(WIN://SYSAPPID Contains "family"))(A;OICI;0x1200a9;;;S-1-15-3-family)(A;OICI;FR;;;BU) and what it inherits
// a framework         D:AI(A;OICI;0x1200a9;;;BU)(A;OICI;0x1200a9;;;AC)(A;OICI;0x1200a9;;;S-1-15-2-2) and what it inherits
//
// C is the capability that may read all packages.

/// <summary>The descriptors of the folders that Windows' stager makes. What is in them inherits from them.</summary>
internal static class PackageSecurity
{
    /// <summary>Of the folder that holds packages, as <c>WindowsApps</c> has it: only packages' own processes may list it.</summary>
    public static SecurityDescriptor PackagesFolder { get; } = new(
        SecurityIdentifier.TrustedInstaller,
        isProtected: true,
        new(SecurityIdentifier.TrustedInstaller, AccessControlEntry.FullControl, AccessControlEntry.NotInherited),
        new(SecurityIdentifier.TrustedInstaller, AccessControlEntry.GenericAll, AccessControlEntry.InheritedByAll | AccessControlEntry.InheritOnly),
        new(SecurityIdentifier.PackageReadingCapability, AccessControlEntry.ReadAndExecute, AccessControlEntry.NotInherited),
        new(SecurityIdentifier.PackageReadingCapability, AccessControlEntry.GenericReadAndExecute, AccessControlEntry.InheritedByAll | AccessControlEntry.InheritOnly),
        new(SecurityIdentifier.LocalSystem, AccessControlEntry.FullControl, AccessControlEntry.NotInherited),
        new(SecurityIdentifier.LocalSystem, AccessControlEntry.GenericAll, AccessControlEntry.InheritedByAll | AccessControlEntry.InheritOnly),
        new(SecurityIdentifier.Administrators, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByFolders),
        new(SecurityIdentifier.LocalService, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll),
        new(SecurityIdentifier.NetworkService, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll),
        new(SecurityIdentifier.RestrictedCode, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll),
        new(
            SecurityIdentifier.Users,
            AccessControlEntry.ReadAndExecute,
            AccessControlEntry.NotInherited,
            AccessCondition.Exists(AccessCondition.PackageAttribute)));

    /// <summary>
    /// Of the folder of a package that others use, such as a framework: users and all application containers read and run it.
    /// </summary>
    public static SecurityDescriptor SharedPackage { get; } = PackagesFolder.InheritedBy(
        isFolder: true,
        new(SecurityIdentifier.Users, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll),
        new(SecurityIdentifier.AllApplicationPackages, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll),
        new(SecurityIdentifier.AllRestrictedApplicationPackages, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll));

    /// <summary>Of the folder of an application's package: everybody reads it, and only processes of its family run it.</summary>
    /// <param name="familyName">The package's family name.</param>
    public static SecurityDescriptor Application(string familyName) => PackagesFolder.InheritedBy(
        isFolder: true,
        new(
            SecurityIdentifier.Users,
            AccessControlEntry.ReadAndExecute,
            AccessControlEntry.InheritedByAll,
            AccessCondition.Contains(AccessCondition.PackageAttribute, familyName)),
        new(SecurityIdentifier.CapabilityOf(familyName), AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll),
        new(SecurityIdentifier.Users, AccessControlEntry.ReadOnly, AccessControlEntry.InheritedByAll));
}
