namespace AppAttach.Embedded.Engine;

/// <summary>In which order messages of two queues become history: by time, each queue keeping its own order.</summary>
internal static class MessageOrder
{
    /// <summary>
    /// Merges the inbox with what is in memory. A timer that was due before an event came goes before it, also when both were
    /// found only after a restart; at the same time the inbox goes first, so the start of a run comes before all else.
    /// </summary>
    /// <param name="inbox">The inbox in order.</param>
    /// <param name="memory">What is in memory, in order.</param>
    /// <returns>All of it.</returns>
    public static List<Message> Merge(List<Message> inbox, List<Message> memory)
    {
        var merged = new List<Message>(inbox.Count + memory.Count);
        var next = 0;
        foreach (var message in inbox)
        {
            while (next < memory.Count && memory[next].Content.At < message.Content.At)
            {
                merged.Add(memory[next++]);
            }

            merged.Add(message);
        }

        merged.AddRange(memory[next..]);
        return merged;
    }
}
