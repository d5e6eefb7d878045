using System.Text.Json;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Offers;

/// <summary>
/// What is offered to users, in a file that they may read as the ledger they may not: <c>offers.json</c>. It says what the ledger says and decides
/// nothing: who takes what is not offered to him loses it again.
/// </summary>
/// <param name="store">Where the file lies.</param>
internal sealed class OfferBook(ILedgerStore store)
{
    private const string Folder = "";
    private const string Name = "offers";

    // As the last listener left it; one that was cut off or damaged is not what it should be and is written again.
    private byte[]? _written = store.Read(Folder, Name);

    /// <summary>Makes the file say what these packages' records say, if it does not.</summary>
    public void Publish(IEnumerable<PackageRecord> records)
    {
        var offers = records.Where(record => record.IsOffered).Select(Describe).OrderBy(offer => offer.PackageFullName, StringComparer.Ordinal).ToList();
        if (offers.Count == 0 && _written is null)
        {
            return;
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(new OfferDocument(offers), OfferJson.Default.OfferDocument);
        if (_written is null || !content.AsSpan().SequenceEqual(_written))
        {
            store.Write(Folder, Name, content);
            _written = content;
        }
    }

    /// <summary>What is offered, as a user reads it.</summary>
    /// <exception cref="CommandFailedException">The file cannot be read.</exception>
    public static IReadOnlyList<Offer> Read(ILedgerStore store)
    {
        try
        {
            return store.Read(Folder, Name) is { } content ? JsonSerializer.Deserialize(content, OfferJson.Default.OfferDocument)!.Offers : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandFailedException(Contracts.ErrorCodes.Internal, $"What is offered here cannot be read: {e.Message} Tell the administrator of this host.", e);
        }
    }

    private static Offer Describe(PackageRecord record) => new(
        record.Package.FullName, record.DisplayName ?? PackageFullName.TryParse(record.Package.FullName)?.Name ?? record.Package.FullName, record.Resources ?? [], record.KeptFor);
}
