namespace AppAttach.Embedded.Engine;

/// <summary>One step of a history: what came in, and what the code then did.</summary>
/// <param name="At">The step's time, UTC.</param>
/// <param name="Incoming">What came in, in order.</param>
/// <param name="Actions">What the code did, in order.</param>
internal sealed record HistoryStep(DateTime At, IReadOnlyList<HistoryEvent> Incoming, IReadOnlyList<HistoryEvent> Actions)
{
    /// <summary>Splits a history at the beginnings of its steps.</summary>
    /// <param name="history">The history from its start.</param>
    /// <returns>The steps.</returns>
    public static List<HistoryStep> Split(IEnumerable<HistoryEvent> history)
    {
        var steps = new List<HistoryStep>();
        List<HistoryEvent> incoming = [];
        List<HistoryEvent> actions = [];
        foreach (var entry in history)
        {
            if (entry.Kind == HistoryEventKind.StepStarted)
            {
                incoming = [];
                actions = [];
                steps.Add(new HistoryStep(entry.At, incoming, actions));
            }
            else
            {
                (entry.IsAction ? actions : incoming).Add(entry);
            }
        }

        return steps;
    }
}
