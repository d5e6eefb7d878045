namespace AppAttach.Embedded.Engine;

/// <summary>Where an instance stands. The names are stored, so none is ever renamed.</summary>
internal enum OrchestrationState
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>It gave a result.</summary>
    Completed,

    /// <summary>It threw, or could not go on.</summary>
    Failed,
}
