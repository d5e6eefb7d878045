using System.Text;
using AppAttach.Api.Ports;
using AppAttach.Embedded.Bus.Store;

namespace AppAttach.Embedded.Bus;

/// <summary>The dead letters of the bus, for the API. The bus records who put them back and when.</summary>
/// <param name="broker">The bus.</param>
internal sealed class BusDeadLetterBox(BusBroker broker) : IDeadLetterBox
{
    private const int MostAnEntity = 200;
    private const int LongestBody = 4_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        foreach (var entity in broker.DeadLetterQueuesInUse())
        {
            var owner = entity.Path[..entity.Path.LastIndexOf('/')];
            letters.AddRange((await broker.PeekAsync(entity.Path, MostAnEntity, cancellationToken: cancellationToken)).Select(delivery => new DeadLetter(
                owner,
                delivery.SequenceNumber,
                delivery.Message.MessageId,
                delivery.Message.Properties.GetValueOrDefault(DeadLetterReasons.ReasonProperty) as string,
                delivery.Message.Properties.GetValueOrDefault(DeadLetterReasons.DescriptionProperty) as string,
                delivery.EnqueuedTime,
                Encoding.UTF8.GetString(delivery.Message.Body.AsSpan(0, Math.Min(delivery.Message.Body.Length, LongestBody))))));
        }

        return letters;
    }

    /// <inheritdoc/>
    public async Task<int?> ReplayAsync(DeadLetterReplay replay, string by, CancellationToken cancellationToken)
    {
        try
        {
            return await broker.ReplayDeadLettersAsync(replay.Entity, replay.SequenceNumbers, by, cancellationToken);
        }
        catch (BusException)
        {
            return null;
        }
    }
}
