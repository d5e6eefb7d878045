using System.Globalization;
using AppAttach.Contracts;
using AppAttach.Listener.Native;

namespace AppAttach.Listener.Mounting;

/// <summary>
/// Shows a part of a file as a block device. ntfs-3g has no option for an offset, and a loop device is the only way to a partition
/// that needs no second copy of it and no process of its own.
/// </summary>
internal static class LoopDevice
{
    public const string ControlPath = "/dev/loop-control";

    private const int AttachTries = 10;
    private const int LoopMajor = 7;

    /// <summary>Attaches a read-only loop device.</summary>
    /// <returns>Its path, such as <c>/dev/loop3</c>.</returns>
    /// <exception cref="CommandFailedException">None is to be had.</exception>
    public static async Task<string> AttachAsync(string file, long offsetBytes, long lengthBytes)
    {
        var output = "";
        for (var i = 0; i < AttachTries; i++)
        {
            (var exitCode, output) = await MountPrograms.RunAsync(
                MountPrograms.LoopSetup, "--find", "--show", "--read-only",
                "--offset", offsetBytes.ToString(CultureInfo.InvariantCulture),
                "--sizelimit", lengthBytes.ToString(CultureInfo.InvariantCulture), file);
            if (exitCode == 0)
            {
                return output;
            }

            await MakeNodeAsync();
        }

        throw new CommandFailedException(
            ErrorCodes.MountFailed,
            $"No loop device can be attached ({output.ReplaceLineEndings(" ")}): run as root with {ControlPath}, or let the listener use another mounter.");
    }

    /// <summary>Detaches a device; one that is in use goes with its last user.</summary>
    public static Task DetachAsync(string device) => MountPrograms.RunAsync(MountPrograms.LoopSetup, "--detach", device);

    /// <summary>Detaches every device that shows a part of this file.</summary>
    public static async Task DetachAllAsync(string file)
    {
        var (_, output) = await MountPrograms.RunAsync(MountPrograms.LoopSetup, "--list", "--noheadings", "--output", "NAME", "--associated", file);
        foreach (var device in output.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Where(name => name.StartsWith("/dev/loop", StringComparison.Ordinal)))
        {
            await DetachAsync(device);
        }
    }

    // Containers have a fixed /dev: the kernel makes a new device when all are taken, and nobody makes its node.
    private static async Task MakeNodeAsync()
    {
        if (LoopControl.FindFree() is { } number && !File.Exists($"/dev/loop{number}"))
        {
            _ = await MountPrograms.RunAsync(
                MountPrograms.NodeMaker, "--mode=600", $"/dev/loop{number}", "b",
                LoopMajor.ToString(CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture));
        }
    }
}
