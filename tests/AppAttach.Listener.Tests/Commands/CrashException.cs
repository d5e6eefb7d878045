namespace AppAttach.Listener.Tests.Commands;

/// <summary>Stands for a process that is killed: nothing in the listener catches it, so nothing is tidied up.</summary>
internal sealed class CrashException() : Exception("The process ends here.");
