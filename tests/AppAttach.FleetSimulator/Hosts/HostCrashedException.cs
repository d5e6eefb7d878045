namespace AppAttach.FleetSimulator.Hosts;

/// <summary>A simulated host has ended without a word.</summary>
internal sealed class HostCrashedException() : Exception("The simulated host has crashed.");
