using System.Text.Json;

namespace AppAttach.Listener.Ledger;

/// <summary>One file of the ledger: the content as text, and a digest that tells a whole file from a torn one.</summary>
/// <param name="Sha256">SHA-256 of <paramref name="Content"/> as UTF-8 without white space, 64 lower-case hexadecimal digits.</param>
/// <param name="Content">A package's or command's record.</param>
internal sealed record LedgerEntry(string Sha256, JsonElement Content);
