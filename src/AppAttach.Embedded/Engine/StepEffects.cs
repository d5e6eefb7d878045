namespace AppAttach.Embedded.Engine;

/// <summary>What has to be set going once a step is committed.</summary>
internal sealed class StepEffects
{
    /// <summary>Activities to run.</summary>
    public List<ActivityWork> Activities { get; } = [];

    /// <summary>Timers to arm.</summary>
    public List<TimerWork> Timers { get; } = [];

    /// <summary>Timers to forget.</summary>
    public List<TimerWork> CancelledTimers { get; } = [];

    /// <summary>Instances that have something in their inbox now.</summary>
    public List<string> Woken { get; } = [];
}
