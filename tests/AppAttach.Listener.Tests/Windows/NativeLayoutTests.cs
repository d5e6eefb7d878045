using System.Runtime.CompilerServices;
using AppAttach.Listener.Windows.Native;

namespace AppAttach.Listener.Tests.Windows;

/// <summary>The native structures have the sizes and offsets that the Windows SDK's headers give them on 64-bit Windows, which are the same on any 64-bit system.</summary>
public unsafe class NativeLayoutTests
{
    [Fact]
    public void Sizes_AreThoseOfTheHeaders()
    {
        Assert.Equal(20, Unsafe.SizeOf<VirtualStorageType>());
        Assert.Equal(44, Unsafe.SizeOf<OpenParameters>());
        Assert.Equal(12, Unsafe.SizeOf<StorageDeviceNumber>());
        Assert.Equal(24, Unsafe.SizeOf<SessionInformation>());
        Assert.Equal(104, Unsafe.SizeOf<StartupInformation>());
        Assert.Equal(24, Unsafe.SizeOf<ProcessInformation>());
        Assert.Equal(28, Unsafe.SizeOf<ServiceStatus>());
        Assert.Equal(16, Unsafe.SizeOf<ServiceTableEntry>());
        Assert.Equal(40, Unsafe.SizeOf<ServiceFailureActions>());
        Assert.Equal(8, Unsafe.SizeOf<ServiceAction>());
    }

    [Fact]
    public void Offsets_AreThoseOfTheHeaders()
    {
        StartupInformation startup;
        Assert.Equal(16, (byte*)&startup.Desktop - (byte*)&startup);
        Assert.Equal(60, (byte*)&startup.Flags - (byte*)&startup);
        Assert.Equal(64, (byte*)&startup.ShowWindow - (byte*)&startup);
        Assert.Equal(80, (byte*)&startup.StandardInput - (byte*)&startup);
        SessionInformation session;
        Assert.Equal(16, (byte*)&session.State - (byte*)&session);
        ServiceFailureActions actions;
        Assert.Equal(24, (byte*)&actions.ActionCount - (byte*)&actions);
        Assert.Equal(32, (byte*)&actions.Actions - (byte*)&actions);
    }
}
